// What the landing page shows: the example shop, migrated by the program when the site is built.

import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askWith } from "./program.mts";

const example = fileURLToPath(new URL("../../examples/legacy_shop", import.meta.url));
const file = "accounts.py";
const handler = "get_user";

/** A function with its decorators. */
function functionOf(source: string, name: string): string[] {
    const lines = source.split("\n");
    let start = lines.findIndex((line) => new RegExp(`^(async )?def ${name}\\(`).test(line));
    if (start < 0) throw new Error(`${file} has no function ${name}`);
    let end = start + 1;
    while (end < lines.length && /^(\s|$)/.test(lines[end]!)) end += 1;
    while (start > 0 && lines[start - 1]!.startsWith("@")) start -= 1;
    return lines.slice(start, end).join("\n").trimEnd().split("\n");
}

export interface Landing {
    /** One handler as it was and as it is written, in the form of a diff. */
    rewrite: string;
    /** How the run ends. */
    run: string;
}

export function landing(): Landing {
    const folder = mkdtempSync(join(tmpdir(), "landing-"));
    try {
        const shop = join(folder, "shop");
        cpSync(example, shop, { recursive: true });
        const before = functionOf(readFileSync(join(shop, file), "utf8"), handler);
        const environment = { XDG_STATE_HOME: join(folder, "state"), DATABASE_URL: "" };
        const output = askWith(environment, "run", shop, "--url", `sqlite:///${join(folder, "shop.db")}`, "--yes");
        const after = functionOf(readFileSync(join(shop, file), "utf8"), handler);
        const told = output.split("\n").filter((line) => /^(verified|undo):|^\d+ files written/.test(line));
        if (told.length !== 3) throw new Error(`a run ends differently than the landing page expects:\n${output}`);
        const run = ["$ covetpy-migrate run shop --url sqlite:///shop.db", "  ...", ...told].join("\n").replaceAll(shop, "shop");
        return { rewrite: [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)].join("\n"), run };
    } finally {
        rmSync(folder, { recursive: true });
    }
}
