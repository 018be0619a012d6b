// "Check in PostgreSQL": a real PostgreSQL in the page makes the schema, loads the rows, and its answers
// are compared with SQLite's, value by value. Loaded only when asked for.

import type { Table as TableSchema } from "../engine/report";
import { comparable } from "./compare";
import type { Cell, SqliteClient } from "./sqlite";

export interface PostgresCheck {
    version: string;
    tables: { name: string; rows: number }[];
    values: number;
    differences: { table: string; row: number; column: string; sqlite: string; postgres: string }[];
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const kShownDifferences = 20;

export async function checkInPostgres(
    script: string,
    tables: TableSchema[],
    sqlite: SqliteClient,
    onStep: (text: string) => void,
): Promise<PostgresCheck> {
    onStep("Loading PostgreSQL (about 4 MB, once)…");
    const { PGlite } = await import("@electric-sql/pglite");
    const postgres = await PGlite.create();
    try {
        onStep("Making the tables and loading the rows…");
        await postgres.exec(script);
        const version = String((await postgres.query<{ v: string }>("SELECT version() AS v")).rows[0]!.v);
        const result: PostgresCheck = { version: version.split(" ").slice(0, 2).join(" "), tables: [], values: 0, differences: [] };
        for (const table of tables) {
            onStep(`Comparing ${table.name}…`);
            const columns = table.columns.map((column) => quote(column.name)).join(", ");
            const keys = table.primary_key.length ? table.primary_key : table.columns.map((column) => column.name);
            const select = `SELECT ${columns} FROM ${quote(table.name)}`;
            const ours = (await sqlite.run(select))[0]?.rows ?? [];
            const texts = table.columns.map((column) => `${quote(column.name)}::text`).join(", ");
            const theirs = (
                await postgres.query<Cell[]>(`SELECT ${texts} FROM ${quote(table.name)}`, [], { rowMode: "array" })
            ).rows;
            result.tables.push({ name: table.name, rows: theirs.length });
            compareTable(table, keys, ours, theirs, result);
        }
        return result;
    } finally {
        await postgres.close();
    }
}

function compareTable(table: TableSchema, keys: string[], ours: Cell[][], theirs: Cell[][], result: PostgresCheck): void {
    const types = table.columns.map((column) => column.type);
    const texts = (rows: Cell[][]) => rows.map((row) => row.map((cell, index) => comparable(cell, types[index]!)));
    const places = keys.map((key) => table.columns.findIndex((column) => column.name === key));
    const keyOf = (row: string[]) => JSON.stringify(places.map((place) => row[place]));
    const sorted = (rows: Cell[][]) => texts(rows).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
    const [left, right] = [sorted(ours), sorted(theirs)];
    for (let row = 0; row < Math.max(left.length, right.length); ++row) {
        table.columns.forEach((column, index) => {
            ++result.values;
            const [sqlite, postgres] = [left[row]?.[index] ?? "missing", right[row]?.[index] ?? "missing"];
            if (sqlite !== postgres && result.differences.length < kShownDifferences)
                result.differences.push({ table: table.name, row: row + 1, column: column.name, sqlite, postgres });
        });
    }
}
