import type { Report } from "./report.js";

export * from "./report.js";

export type Dialect = "postgresql" | "mysql" | "sqlite";

export interface Options {
    /** Name of the target profile. */
    target?: string;
    /** How far to go: 1 routing, 2 and the database (default), 3 and validation, 4 and security. */
    phase?: 1 | 2 | 3 | 4;
    /** For the configuration that is written. */
    databaseUrl?: string;
    /** Put the reference runtime beside the application. */
    vendorRuntime?: boolean;
    /** Make the offered changes, too. */
    unsafe?: boolean;
    /** Ids, names or starts of ids of the findings that are wanted; none = all. */
    select?: string[];
    ignore?: string[];
}

export interface ChangedFile {
    file: string;
    kind: "create" | "modify" | "delete";
    after: Uint8Array;
}

export declare class MigrationError extends Error {
    readonly code: string;
    readonly file: string;
    readonly line: number;
    readonly hint: string;
}

/** The files of one project, and what their migration would make of them. */
export declare class Workspace {
    /** `path` is relative to the project, with "/". */
    setFile(path: string, content: Uint8Array | string): void;
    removeFile(path: string): void;
    clear(): void;
    setOptions(options: Options): void;
    /**
     * Own rules, as an object `{rules: [...]}` or its JSON; "" for none. `lines` leads from JSON pointers to lines
     * of the file that they come from, for messages.
     */
    setRules(rules: string | object, lines?: Record<string, number>): void;
    /** One file as the own rules alone leave it, offered changes included. Throws `MigrationError`. */
    applyRules(path: string): Uint8Array | undefined;
    /** Throws `MigrationError`. */
    analyze(): Report;
    /** The same as the text that the command line program prints with `--format json`. */
    analyzeText(): string;
    /** Named nodes of a file's syntax tree, a line each: depth, type, first and last line and column. */
    tree(path: string): string;
    // Of the last analysis:
    changes(): ChangedFile[];
    patch(): string;
    markdown(): string;
    sql(dialect: Dialect, options?: { rows?: boolean }): string;
    /** Frees the memory of the workspace. */
    dispose(): void;
}

export interface Core {
    readonly version: string;
    createWorkspace(): Workspace;
}

/** Loads the core; `source` says where the wasm file is, or brings it along. */
export declare function load(source?: string | URL | Uint8Array | ArrayBuffer | WebAssembly.Module): Promise<Core>;
