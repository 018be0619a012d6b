export type Language = "python" | "sql" | "text";

export function languageOf(path: string): Language {
    if (/\.pyi?$/i.test(path)) return "python";
    if (/\.sql$/i.test(path)) return "sql";
    return "text";
}
