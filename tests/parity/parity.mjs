// The WebAssembly module and the native program give the same report, byte for byte: at once, and after an edit
// that was taken back.
//
//   node parity.mjs NATIVE MODULE.mjs FOLDER...
//
// Every folder below FOLDER that is called `input`, or that holds an app.json and what it describes, is
// one project. Both sides get the same files: those that the native program says it reads (`--list-files`).

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [native, modulePath, ...roots] = process.argv.slice(2);
if (!native || !modulePath || roots.length === 0) {
    console.error("usage: node parity.mjs NATIVE MODULE.mjs FOLDER...");
    process.exit(1);
}

function* projectsBelow(folder) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const path = join(folder, entry.name);
        const description = join(path, "app.json");
        if (existsSync(description)) {
            // The files of some are those of a fixture.
            if (!JSON.parse(readFileSync(description, "utf8")).source) yield path;
        } else if (entry.name === "input") yield path;
        else yield* projectsBelow(path);
    }
}

// In the two parts in which the site runs it; the package's test runs it whole.
const part = (name) => new WebAssembly.Module(readFileSync(join(dirname(modulePath), `covet_migrate.${name}.wasm`)));
const { default: create } = await import(pathToFileURL(resolve(modulePath)).href);
const { instantiateParts } = await import("../../wasm/parts.mjs");
const core = await create({
    instantiateWasm(imports, done) {
        const first = part("first");
        void instantiateParts(first, imports, () => part("rest")).then(({ instance }) => done(instance, first));
        return {};
    },
});

let passed = 0;
const failed = [];
for (const root of roots) {
    for (const project of projectsBelow(root)) {
        const run = (...extra) => execFileSync(native, ["analyze", project, ...extra], { maxBuffer: 1 << 28 });
        const expected = run("--format", "json").toString();
        const workspace = new core.Workspace();
        const paths = run("--list-files").toString().split("\0").filter(Boolean);
        for (const path of paths) workspace.setFile(path, readFileSync(join(project, path)));
        let actual = workspace.analyze();
        if (actual === expected) {
            // What the engine remembers of an edit must not show once the edit is taken back.
            const edited = paths.find((path) => path.endsWith(".py"));
            const bytes = edited && readFileSync(join(project, edited));
            if (edited) workspace.setFile(edited, Buffer.concat([bytes, Buffer.from("\nedit = [1]\n")]));
            workspace.migrate();
            if (edited) workspace.setFile(edited, bytes);
            actual = workspace.migrate() || workspace.report();
        }
        workspace.delete();
        if (actual === expected) {
            ++passed;
            continue;
        }
        const ours = actual.split("\n");
        const at = expected.split("\n").findIndex((line, index) => line !== ours[index]);
        failed.push(`${project}: line ${at + 1}\n  native ${expected.split("\n")[at]}\n  wasm   ${ours[at]}`);
    }
}
for (const text of failed) console.error(text);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length || passed === 0 ? 1 : 0);
