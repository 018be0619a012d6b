// An engine that has seen many edits answers as one that sees the files for the first time, byte for byte.
//
//   node edits.mjs MODULE.mjs EDITS FOLDER...
//
// Of every project below FOLDER (folders that are called `input`), one file after the other is edited at random, as people
// edit: characters, lines, and blocks of lines come, go, and move. The same edits every time.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modulePath, edits, ...roots] = process.argv.slice(2);
if (!modulePath || !(Number(edits) > 0) || roots.length === 0) {
    console.error("usage: node edits.mjs MODULE.mjs EDITS FOLDER...");
    process.exit(1);
}

const { default: create } = await import(pathToFileURL(resolve(modulePath)).href);
const wasm = new WebAssembly.Module(readFileSync(modulePath.replace(/\.mjs$/, ".wasm")));
const newCore = () =>
    create({
        instantiateWasm(imports, done) {
            void WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm));
            return {};
        },
    });

/** Numbers below `limit`; the same sequence in every run. */
let seed = 20_240_229;
function below(limit) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
}
const oneOf = (list) => list[below(list.length)];

function* projectsBelow(folder) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const path = join(folder, entry.name);
        if (entry.name === "input") yield path;
        else yield* projectsBelow(path);
    }
}

function* filesBelow(folder) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) yield* filesBelow(path);
        else if (entry.name.endsWith(".py")) yield path;
    }
}

const words = ["x", "1", "(", ")", "\n", "    ", '"', "# ", "[]", "{}", "return ", ".append(1)", "é", "\n\n"];

/** A text a little different: nine of ten edits are within a line or of whole lines. */
function edited(text) {
    const lines = text.split("\n");
    const line = below(lines.length);
    switch (below(10)) {
        case 0: // a line comes again
            lines.splice(line, 0, lines[line]);
            break;
        case 1: // a line goes
            lines.splice(line, 1);
            break;
        case 2: // two lines change places
            [lines[line], lines[0]] = [lines[0], lines[line]];
            break;
        case 3: // a block moves to the end
            lines.push(...lines.splice(line, 1 + below(8)));
            break;
        case 4: // a name gets another one
            lines[line] = lines[line].replace(/[a-z_]{3,}/, (name) => `${name}_2`);
            break;
        case 5: // a line is commented out
            lines[line] = lines[line].replace(/\S/, "# $&");
            break;
        default: {
            const at = below(lines[line].length + 1);
            lines[line] = lines[line].slice(0, at) + oneOf(words) + lines[line].slice(at + below(2));
        }
    }
    return lines.join("\n");
}

const told = await newCore();
let [passed, refused] = [0, 0];
const failed = [];
for (const root of roots)
    for (const project of projectsBelow(root)) {
        const files = new Map([...filesBelow(project)].map((path) => [relative(project, path), readFileSync(path, "utf8")]));
        if (files.size === 0) continue;
        const workspace = new told.Workspace();
        for (const [path, text] of files) workspace.setFile(path, text);
        workspace.migrate();
        for (let edit = 0; edit < Number(edits); ++edit) {
            const path = oneOf([...files.keys()]);
            // Now and then back to what the file was: the next edit begins there.
            const before = files.get(path);
            const text = edited(edit % 4 === 3 ? readFileSync(join(project, path), "utf8") : before);
            files.set(path, text);
            workspace.setFile(path, text);
            const actual = workspace.migrate() || workspace.report() + workspace.patch();
            const core = await newCore();
            const fresh = new core.Workspace();
            for (const [name, content] of files) fresh.setFile(name, content);
            const expected = fresh.migrate() || fresh.report() + fresh.patch();
            if (actual === expected) {
                ++passed;
                if (actual.startsWith('{"error"')) ++refused;
                continue;
            }
            const ours = actual.split("\n");
            const at = expected.split("\n").findIndex((one, index) => one !== ours[index]);
            failed.push(`${project}, edit ${edit} of ${path}: line ${at + 1}\n  fresh  ${expected.split("\n")[at]}\n  edited ${ours[at]}`);
            break;
        }
        workspace.delete();
    }
for (const text of failed) console.error(text);
console.log(`${passed} passed (${refused} refused), ${failed.length} failed`);
process.exit(failed.length || passed === 0 ? 1 : 0);
