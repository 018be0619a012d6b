// Values as SQLite and PostgreSQL hand them out, made comparable by the type of their column.

import type { Cell } from "./sqlite";

const canonical = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(canonical);
    if (value && typeof value === "object")
        return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]));
    return value;
};

function json(text: string): string {
    try {
        return JSON.stringify(canonical(JSON.parse(text)));
    } catch {
        return text;
    }
}

/** "2024-05-01T10:00:00.500Z" and "2024-05-01 10:00:00.5+00" are one moment. */
function moment(text: string): string {
    const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text.trim());
    if (!match) return text;
    const [, date, clock, fraction = "", zone] = match;
    const seconds = clock!.length === 5 ? `${clock}:00` : clock!;
    const micro = fraction.padEnd(6, "0").slice(0, 6);
    if (!zone) return `${date} ${seconds}.${micro}`;
    const offset = zone === "Z" ? "+00:00" : zone.length === 3 ? `${zone}:00` : zone.replace(/^(...):?(..)$/, "$1:$2");
    return `${new Date(`${date}T${seconds}${offset}`).toISOString().slice(0, 19)}.${micro}Z`;
}

const decimal = (text: string) => text.replace(/^(-?\d+\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** The same text for equal values of a column of this type, whichever database gave it. */
export function comparable(value: Cell | boolean, type: string): string {
    if (value === null) return "∅";
    if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const text = String(value);
    const kind = type.replace(/\(.*/, "");
    switch (kind) {
        case "boolean":
            return text === "1" || text === "t" || text === "true" ? "true" : "false";
        case "float":
            return String(Number(text));
        case "numeric":
            return decimal(text);
        case "json":
            return json(text);
        case "timestamp":
        case "timestamptz":
            return moment(text);
        case "time":
            return text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
        case "bytes":
            return text.replace(/^\\x/, "");
        default:
            return text;
    }
}
