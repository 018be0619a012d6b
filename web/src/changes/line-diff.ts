// What differs between two texts, line by line first: comparing whole files by characters takes longer than a key may.

import { Change, diff } from "@codemirror/merge";

export interface Run {
    fromA: number;
    toA: number;
    fromB: number;
    toB: number;
}

const lineConfig = { scanLimit: 2000, timeout: 100 };
const partConfig = { scanLimit: 200, timeout: 10 };
/** Characters that are no surrogates. */
const kMaxDistinctLines = 0x10000 - 0x800;
/** Longer parts are one change: nobody reads which of their characters stayed. */
const kMaxPart = 4000;

/** The lines that both sides have, as one character each, and where they stand. */
function sharedLines(lines: string[], others: ReadonlySet<string>, codes: Map<string, string>): { text: string; places: number[] } {
    const places: number[] = [];
    let text = "";
    lines.forEach((line, place) => {
        if (!others.has(line)) return;
        let code = codes.get(line);
        // Surrogates are left out: they would be taken for halves of one character.
        if (!code) codes.set(line, (code = String.fromCharCode((codes.size + 0xe000) % 0x10000)));
        text += code;
        places.push(place);
    });
    return { text, places };
}

/** The runs of lines that differ. */
export function differingLines(oldLines: string[], newLines: string[]): Run[] {
    const codes = new Map<string, string>();
    // Lines that the other side has nowhere are no part of what both share: the search goes without them.
    const one = sharedLines(oldLines, new Set(newLines), codes);
    const other = sharedLines(newLines, new Set(oldLines), codes);
    if (codes.size > kMaxDistinctLines) return [{ fromA: 0, toA: oldLines.length, fromB: 0, toB: newLines.length }];
    const runs: Run[] = [];
    let toA = 0;
    let toB = 0;
    const keep = (from: number, end: number, at: number): void => {
        for (let index = from; index < end; ++index, ++at) {
            const [a, b] = [one.places[index]!, other.places[at]!];
            if (a > toA || b > toB) runs.push({ fromA: toA, toA: a, fromB: toB, toB: b });
            toA = a + 1;
            toB = b + 1;
        }
    };
    let from = 0;
    let at = 0;
    for (const change of diff(one.text, other.text, lineConfig)) {
        keep(from, change.fromA, at);
        from = change.toA;
        at = change.toB;
    }
    keep(from, one.places.length, at);
    if (oldLines.length > toA || newLines.length > toB)
        runs.push({ fromA: toA, toA: oldLines.length, fromB: toB, toB: newLines.length });
    return runs;
}

/** Where each line starts, and one past the end for the line behind the last. */
function startsOf(lines: string[]): number[] {
    const starts = [0];
    for (const line of lines) starts.push(starts.at(-1)! + line.length + 1);
    return starts;
}

let parts = new Map<string, readonly Change[]>();

/** The differences inside of one changed part; parts stay the same from key to key, but for one. */
function inside(before: string, after: string): readonly Change[] {
    const key = `${before}\0${after}`;
    let known = parts.get(key);
    if (!known) {
        if (parts.size > 2000) parts = new Map();
        parts.set(key, (known = diff(before, after, partConfig)));
    }
    return known;
}

/** The differences of two texts, for the views that compare them. */
export function differingText(a: string, b: string): readonly Change[] {
    const oldLines = a.split("\n");
    const newLines = b.split("\n");
    const [startsA, startsB] = [startsOf(oldLines), startsOf(newLines)];
    const changes: Change[] = [];
    for (const run of differingLines(oldLines, newLines)) {
        let [fromA, toA, fromB, toB] = [startsA[run.fromA]!, startsA[run.toA]!, startsB[run.fromB]!, startsB[run.toB]!];
        if (run.toA === oldLines.length || run.toB === newLines.length) {
            // The last line has no end of its own: what is added behind it begins with one.
            if (run.fromA === oldLines.length || run.fromB === newLines.length) [fromA, fromB] = [fromA - 1, fromB - 1];
            [toA, toB] = [a.length, b.length];
        }
        if (toA === fromA || toB === fromB || Math.max(toA - fromA, toB - fromB) > kMaxPart) {
            changes.push(new Change(fromA, toA, fromB, toB));
            continue;
        }
        for (const part of inside(a.slice(fromA, toA), b.slice(fromB, toB)))
            changes.push(new Change(fromA + part.fromA, fromA + part.toA, fromB + part.fromB, fromB + part.toB));
    }
    return changes;
}
