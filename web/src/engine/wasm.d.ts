// The Emscripten module of wasm/bindings.cpp.
declare module "@covet-wasm" {
    export interface Workspace {
        setFile(path: string, bytes: Uint8Array | string): void;
        removeFile(path: string): void;
        clear(): void;
        setOptions(options: {
            target?: string;
            phase?: number;
            databaseUrl?: string;
            vendorRuntime?: boolean;
            unsafe?: boolean;
            select?: string[];
            ignore?: string[];
        }): void;
        setRules(json: string, lines: Record<string, number>): void;
        /** The bytes, or an error as JSON. */
        applyRules(path: string): Uint8Array | string | undefined;
        /** "", or an error as JSON. */
        migrate(): string;
        report(): string;
        changes(): { file: string; kind: "create" | "modify" | "delete"; after: Uint8Array }[];
        tree(path: string): string;
        patch(): string;
        markdown(): string;
        sql(dialect: string, withRows: boolean): string;
        delete(): void;
    }
    export interface Core {
        Workspace: new () => Workspace;
        version(): string;
    }
    export interface ModuleOptions {
        wasmBinary?: ArrayBuffer | Uint8Array;
        instantiateWasm?(
            imports: WebAssembly.Imports,
            done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
        ): object;
    }
    export default function createCovetMigrate(options: ModuleOptions): Promise<Core>;
}

declare module "@covet-wasm-parts" {
    export function instantiateParts(
        first: WebAssembly.Module,
        imports: WebAssembly.Imports,
        rest: () => WebAssembly.Module,
    ): Promise<{ instance: WebAssembly.Instance; complete(rest: WebAssembly.Module): void }>;
}

declare module "@covet-wasm-first-url" {
    const url: string;
    export default url;
}

declare module "@covet-wasm-rest-url" {
    const url: string;
    export default url;
}

declare module "*.vue" {
    import type { DefineComponent } from "vue";
    const component: DefineComponent<object, object, unknown>;
    export default component;
}
