// What the page and the engine's worker say to each other. Every request has a number; every answer
// carries the number of its request.

import type { RuleFile } from "../own-rules/rule-file";
import type { Report } from "./report";

export type Dialect = "postgresql" | "mysql" | "sqlite";
export type FileBytes = Uint8Array | string;

export interface EngineOptions {
    target: string;
    /** 1 routing, 2 and the database, 3 and validation, 4 and security. */
    phase: number;
    databaseUrl: string;
    vendorRuntime: boolean;
    /** Make the offered changes, too. */
    unsafe: boolean;
    /** Ids, names or starts of ids, with commas between them; "" = all. */
    select: string;
    ignore: string;
}

/** Changes to the files since the last request; `null` removes a file. */
export type FileUpdates = Record<string, FileBytes | null>;

export interface ChangedFile {
    file: string;
    kind: "create" | "modify" | "delete";
    after: Uint8Array;
}

export interface EngineError {
    code: string;
    message: string;
    file: string;
    line: number;
    hint: string;
}

/** What an analysis makes of the files. Its report can be asked for afterwards: it takes longer to pass on. */
export interface Rewrite {
    changes: ChangedFile[];
    milliseconds: number;
}

export interface Analysis extends Rewrite {
    report: Report;
}

export type Request =
    /** With the address of the rest of the engine, should it be asked for before it is brought. */
    | { id: number; kind: "start"; module: WebAssembly.Module; rest: string }
    | { id: number; kind: "complete"; module: WebAssembly.Module }
    | { id: number; kind: "analyze"; reset: boolean; updates: FileUpdates; options: EngineOptions; rules: RuleFile | null }
    | { id: number; kind: "report" }
    | { id: number; kind: "sql"; dialect: Dialect; withRows: boolean }
    | { id: number; kind: "tree"; path: string }
    | { id: number; kind: "apply-rules"; path: string }
    | { id: number; kind: "patch" }
    | { id: number; kind: "markdown" };

export type Answer =
    | { id: number; ok: true; value: unknown }
    | { id: number; ok: false; error: EngineError };
