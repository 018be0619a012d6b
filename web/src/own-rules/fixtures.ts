// The cases that rules are tested with, in the folders that `covetpy-migrate rules test DIR` reads.

import { writeZip } from "../project/archive";
import type { FileBytes } from "../engine/protocol";

export interface RuleCase {
    name: string;
    input: FileBytes;
    expected: FileBytes;
}

const kFolder = "migration-rules";
const kFile = "playground";

/** A name for a folder: small letters, digits and "-". */
export function caseName(wanted: string, taken: readonly RuleCase[]): string {
    const base = wanted.toLowerCase().replace(/\.py$/, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "case";
    for (let number = 1; ; ++number) {
        const name = number === 1 ? base : `${base}-${number}`;
        if (!taken.some((one) => one.name === name)) return name;
    }
}

export function fixtureFiles(rules: string, cases: readonly RuleCase[]): Map<string, FileBytes> {
    const files = new Map<string, FileBytes>([[`${kFolder}/${kFile}.toml`, rules]]);
    for (const { name, input, expected } of cases) {
        files.set(`${kFolder}/${kFile}/${name}/input.py`, input);
        files.set(`${kFolder}/${kFile}/${name}/expected.py`, expected);
    }
    return files;
}

export const fixtureZip = (rules: string, cases: readonly RuleCase[]): Uint8Array => writeZip(fixtureFiles(rules, cases));
