import type { Report } from "../engine/report";

/** Rows per table, from its stores; null where the content of one is not known. */
export function rowCounts(report: Report): Map<string, number | null> {
    const counts = new Map<string, number | null>();
    for (const { table, rows } of report.stores) {
        if (!table) continue;
        const now = counts.get(table);
        counts.set(table, rows === null || now === null ? null : (now ?? 0) + rows);
    }
    return counts;
}
