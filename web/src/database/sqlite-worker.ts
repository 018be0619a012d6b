// SQLite in a worker: statements that never end cannot freeze the page.

import initSqlJs, { type Database, type SqlJsStatic } from "sql.js/dist/sql-wasm-browser.js";
import wasmUrl from "sql.js/dist/sql-wasm-browser.wasm?url";
import type { SqliteAnswer, SqliteRequest, Table } from "./sqlite";

let sqlite: SqlJsStatic | null = null;
let database: Database | null = null;

async function open(script: string): Promise<void> {
    sqlite ??= await initSqlJs({ locateFile: () => wasmUrl });
    database?.close();
    database = new sqlite.Database();
    database.exec("PRAGMA foreign_keys = ON");
    database.exec(script);
}

function run(sql: string): Table[] {
    if (!database) throw new Error("there is no database yet");
    return database.exec(sql).map(({ columns, values }) => ({ columns, rows: values }));
}

self.onmessage = async ({ data }: MessageEvent<SqliteRequest>) => {
    let answer: SqliteAnswer;
    try {
        answer = { id: data.id, ok: true, value: data.kind === "open" ? void (await open(data.script)) : run(data.sql) };
    } catch (error) {
        answer = { id: data.id, ok: false, message: error instanceof Error ? error.message : String(error) };
    }
    self.postMessage(answer);
};
