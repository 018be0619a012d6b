// Rules and findings with their texts and examples, from the program's metadata and the test fixtures.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeShare } from "../../web/src/project/share";
import { ask } from "./program.mts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const texts = join(root, "core/resources/findings");
const fixtures = join(root, "tests/fixtures");

export interface Rule {
    id: string;
    name: string;
    safety: "safe" | "unsafe" | "manual";
    message: string;
}

export interface Example {
    /** "area/case" below tests/fixtures. */
    name: string;
    file: string;
    line: number;
    outcome: string;
    before: string;
    after: string | null;
    link: string;
}

export function rules(): { phases: { name: string; summary: string }[]; findings: Rule[] } {
    const { rules: phases, findings } = JSON.parse(ask("rules", "--format", "json"));
    return { phases, findings };
}

export const ruleIds = (): string[] => rules().findings.map((rule) => rule.id);

export function textOf(id: string): string {
    const path = join(texts, `${id}.md`);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}

function filesBelow(folder: string): string[] {
    return readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => statSync(join(folder, name)).isFile())
        .sort();
}

interface Case {
    name: string;
    folder: string;
    size: number;
    findings: { file: string; line: number; rule: string; outcome: string }[];
}

let known: Case[] | null = null;
function cases(): Case[] {
    known ??= readdirSync(fixtures, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith("/findings.txt"))
        .map((name) => {
            const folder = join(fixtures, name, "..");
            const findings = readFileSync(join(fixtures, name), "utf8")
                .split("\n")
                .map((line) => /^(.+):(\d+) (COV\d+) (\S+)/.exec(line))
                .filter((match) => match !== null)
                .map(([, file, line, rule, outcome]) => ({ file: file!, line: Number(line), rule: rule!, outcome: outcome! }));
            const input = join(folder, "input");
            const size = filesBelow(input).reduce((sum, file) => sum + statSync(join(input, file)).size, 0);
            return { name: relative(fixtures, folder), folder, size, findings };
        })
        .sort((a, b) => a.size - b.size || (a.name < b.name ? -1 : 1));
    return known;
}

/** The smallest fixture that shows the rule in a file that has both sides. */
export function exampleOf(id: string): Example | null {
    for (const one of cases()) {
        const finding = one.findings.find(
            (each) => each.rule === id && existsSync(join(one.folder, "input", each.file)),
        );
        if (!finding) continue;
        const after = join(one.folder, "expected", finding.file);
        const input = join(one.folder, "input");
        const files = Object.fromEntries(filesBelow(input).map((file) => [file, readFileSync(join(input, file), "utf8")]));
        return {
            name: one.name,
            file: finding.file,
            line: finding.line,
            outcome: finding.outcome,
            before: files[finding.file]!,
            after: existsSync(after) ? readFileSync(after, "utf8") : null,
            link: encodeShare({ files, active: finding.file }),
        };
    }
    return null;
}
