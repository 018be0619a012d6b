// Puts the npm package together: node pack.mjs WASM-FOLDER OUT-FOLDER

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [wasm, out] = process.argv.slice(2);
if (!wasm || !out) {
    console.error("usage: node pack.mjs WASM-FOLDER OUT-FOLDER");
    process.exit(1);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of ["package.json", "index.mjs", "index.d.ts", "cli.mjs"]) copyFileSync(here(name), join(out, name));
for (const name of ["covet_migrate.mjs", "covet_migrate.wasm"]) copyFileSync(join(wasm, name), join(out, name));
copyFileSync(here("../../LICENSE"), join(out, "LICENSE"));
execFileSync(process.execPath, [
    here("../../web/scripts/report-types.mjs"),
    here("../../core/resources/schemas/report-1.schema.json"),
    join(out, "report.d.ts"),
]);
