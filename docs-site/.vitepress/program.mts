// What the program says about itself. The reference is made from it, so it cannot go stale.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const program =
    process.env.COVET_CLI ?? fileURLToPath(new URL("../../build/release/bin/covetpy-migrate", import.meta.url));

export const ask = (...words: string[]): string => askWith({}, ...words);

export function askWith(environment: Record<string, string>, ...words: string[]): string {
    if (!existsSync(program)) throw new Error(`${program} is missing: build it, or set COVET_CLI`);
    const env = { ...process.env, NO_COLOR: "1", COLUMNS: "100", ...environment };
    return execFileSync(program, words, { env }).toString();
}

export interface CommandHelp {
    name: string;
    summary: string;
}

/** The commands of the general help, in its order. */
export function commands(): CommandHelp[] {
    const lines = ask("--help").split("\n");
    const found: CommandHelp[] = [];
    const start = lines.findIndex((line) => /^Subcommands:/.test(line));
    for (const line of lines.slice(start + 1)) {
        const match = /^ {2}([a-z][a-z-]*) {2,}(\S.*)$/.exec(line);
        if (!match) break;
        found.push({ name: match[1]!, summary: match[2]! });
    }
    if (found.length === 0) throw new Error("the help lists no commands");
    return found;
}

export const commandNames = (): string[] => commands().map((command) => command.name);
