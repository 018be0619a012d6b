// Results as CSV (RFC 4180) and JSON.

import type { Cell, Table } from "./sqlite";

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const cellText = (cell: Cell): string =>
    cell === null ? "" : cell instanceof Uint8Array ? `\\x${hex(cell)}` : String(cell);

export function toCsv(table: Table): string {
    const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = [table.columns.map(field), ...table.rows.map((row) => row.map((cell) => field(cellText(cell))))];
    return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

export function toJson(table: Table): string {
    const value = (cell: Cell) => (cell instanceof Uint8Array ? `\\x${hex(cell)}` : cell);
    const rows = table.rows.map((row) => Object.fromEntries(table.columns.map((name, index) => [name, value(row[index]!)])));
    return `${JSON.stringify(rows, null, 2)}\n`;
}
