// The differences of one file as hunks that can be rejected one by one.

import { differingLines, type Run } from "./line-diff";

/** Lines of a text: the first (1-based; one past the last for "at the end") and how many. */
export interface LineSpan {
    line: number;
    count: number;
}

export interface Hunk {
    /** Stays the same while the hunk's text does, wherever it moves. */
    key: string;
    old: LineSpan;
    new: LineSpan;
    /** Where the hunk is in the result, in which rejected hunks have their old lines. */
    result: LineSpan;
    removed: string[];
    added: string[];
    isRejected: boolean;
}

export interface Comparison {
    hunks: Hunk[];
    /** The new text, with the old lines wherever a hunk is rejected. */
    result: string;
}

/** FNV-1a: short, and the same everywhere. */
function hash(text: string): string {
    let value = 0x811c9dc5;
    for (let index = 0; index < text.length; ++index)
        value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    return (value >>> 0).toString(36);
}

/** Runs that only a blank line parts are one change to a reader; two part definitions. */
function joined(runs: readonly Run[], newLines: string[]): Run[] {
    const result: Run[] = [];
    for (const run of runs) {
        const last = result.at(-1);
        if (last && run.fromB - last.toB === 1 && newLines[last.toB]!.trim() === "") {
            last.toA = run.toA;
            last.toB = run.toB;
        } else {
            result.push({ fromA: run.fromA, toA: run.toA, fromB: run.fromB, toB: run.toB });
        }
    }
    return result;
}

const linesOf = (lines: string[], span: LineSpan) => lines.slice(span.line - 1, span.line - 1 + span.count);

export function compare(before: string, after: string, file: string, rejected: ReadonlySet<string>): Comparison {
    if (before === after) return { hunks: [], result: after };
    const oldLines = before.split("\n");
    const newLines = after.split("\n");
    const seen = new Map<string, number>();
    const hunks: Hunk[] = [];
    const result: string[] = [];
    let at = 0;
    for (const change of joined(differingLines(oldLines, newLines), newLines)) {
        const old = { line: change.fromA + 1, count: change.toA - change.fromA };
        const fresh = { line: change.fromB + 1, count: change.toB - change.fromB };
        const removed = linesOf(oldLines, old);
        const added = linesOf(newLines, fresh);
        const content = hash([file, removed.join("\n"), added.join("\n")].join("\0"));
        const occurrence = seen.get(content) ?? 0;
        seen.set(content, occurrence + 1);
        const key = occurrence ? `${content}.${occurrence}` : content;
        const isRejected = rejected.has(key);
        result.push(...newLines.slice(at, fresh.line - 1));
        const kept = isRejected ? removed : added;
        hunks.push({
            key,
            old,
            new: fresh,
            result: { line: result.length + 1, count: kept.length },
            removed,
            added,
            isRejected,
        });
        result.push(...kept);
        at = fresh.line - 1 + fresh.count;
    }
    result.push(...newLines.slice(at));
    return { hunks, result: result.join("\n") };
}
