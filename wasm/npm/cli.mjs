#!/usr/bin/env node
// Looks at a project without a native build: reports, the new code as a patch, the tables as SQL.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { load, MigrationError } from "./index.mjs";

const usage = `Usage: covetpy-migrate COMMAND [PROJECT]

  analyze [PROJECT] [--format text|json]      what is there, and what a migration would change
  code [PROJECT]                              the new code as a patch, for git apply
  database [PROJECT] [--dialect NAME]         the tables and rows as SQL (sqlite, postgresql, mysql)

This package only reads. The native program also loads databases, verifies them, and rolls back.
`;

const leftOut = new Set([
    ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "env", "__pycache__", ".tox", ".mypy_cache",
    ".pytest_cache", "build", "dist", ".covetpy-migrate",
]);
const kinds = /\.(py|pyi|json|toml|cfg|txt|ini)$/;
const kMaxBytes = 2 << 20;

function* filesBelow(root, folder = root) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !leftOut.has(entry.name)) yield* filesBelow(root, path);
        else if (entry.isFile() && kinds.test(entry.name) && statSync(path).size <= kMaxBytes) yield relative(root, path);
    }
}

function asText(report) {
    const { summary, findings, schema } = report;
    const open = findings.filter((finding) => finding.outcome !== "fixed");
    const lines = [
        `${summary.files} files, ${summary.routes} routes, ${summary.stores} stores, ${schema.tables.length} tables`,
        `${summary.findings.fixed} changes, ${open.length} left to you`,
        ...open.map((one) => `  ${one.file}:${one.start.line} ${one.rule} ${one.message}`),
    ];
    return `${lines.join("\n")}\n`;
}

function optionOf(words, name, choices) {
    const at = words.indexOf(name);
    if (at < 0) return choices[0];
    const [, value] = words.splice(at, 2);
    if (!choices.includes(value)) throw new RangeError(`${name} is one of ${choices.join(", ")}`);
    return value;
}

async function main(words) {
    const [command, ...rest] = words;
    if (!["analyze", "code", "database"].includes(command)) {
        const asked = command === undefined || command === "--help" || command === "-h";
        (asked ? process.stdout : process.stderr).write(usage);
        return asked ? 0 : 1;
    }
    const format = optionOf(rest, "--format", ["text", "json"]);
    const dialect = optionOf(rest, "--dialect", ["sqlite", "postgresql", "mysql"]);
    if (rest.length > 1 || rest[0]?.startsWith("-")) throw new RangeError(`cannot make sense of ${rest.join(" ")}`);
    const root = rest[0] ?? ".";
    const workspace = (await load()).createWorkspace();
    for (const path of filesBelow(root)) workspace.setFile(path.split(sep).join("/"), readFileSync(join(root, path)));
    const text = workspace.analyzeText();
    const report = JSON.parse(text);
    if (report.error) throw new MigrationError(report.error);
    if (command === "code") process.stdout.write(workspace.patch());
    else if (command === "database") process.stdout.write(workspace.sql(dialect, { rows: true }));
    else process.stdout.write(format === "json" ? text : asText(report));
    return 0;
}

main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error) => {
        process.stderr.write(`error: ${error.message}\n`);
        process.exitCode = error instanceof RangeError ? 1 : error instanceof MigrationError ? 2 : 6;
    },
);
