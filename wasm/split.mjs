// Parts the engine in two, by what the first example of the playground calls: `NAME.first.wasm`, which runs alone
// until something else is asked for, and `NAME.rest.wasm`. The whole module loses its names.
//
//   node split.mjs NAME.wasm NAME.mjs REPOSITORY

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { instantiateParts } from "./parts.mjs";
import { joinData, moduleOf, moveData, sectionsOf, withoutNames } from "./sections.mjs";

const [whole, glue, repository] = process.argv.slice(2);
if (!repository) {
    console.error("usage: node split.mjs NAME.wasm NAME.mjs REPOSITORY");
    process.exit(1);
}
const beside = (ending) => whole.replace(/\.wasm$/, ending);
const split = (...words) => execFileSync("wasm-split", words, { stdio: "inherit" });

/** What the playground does for its first example; the rest is there when somebody has looked at that. */
function use(core) {
    const workspace = new core.Workspace();
    workspace.clear();
    workspace.setOptions({ target: "covetpy", phase: 2, databaseUrl: "", vendorRuntime: false, unsafe: false, select: [], ignore: [] });
    workspace.setRules("", {});
    workspace.setFile("flat_demo.py", readFileSync(join(repository, "tests/fixtures/samples/flat_demo/input/flat_demo.py"), "utf8"));
    const failed = workspace.migrate();
    if (failed) throw new Error(failed);
    workspace.changes();
    workspace.report();
    core.version();
}

const counting = beside(".counting.wasm");
split("--instrument", whole, "-o", counting);
const { default: create } = await import(pathToFileURL(glue).href);
let instance;
const core = await create({
    instantiateWasm(imports, done) {
        void WebAssembly.instantiate(readFileSync(counting), imports).then((made) => done((instance = made.instance), made.module));
        return {};
    },
});
use(core);
const memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
const room = 1 << 20;
const at = memory.grow(room >> 16) << 16;
const size = instance.exports.__write_profile(at, room);
const profile = beside(".profile");
writeFileSync(profile, new Uint8Array(memory.buffer, at, size));
split("--split", "--enable-mutable-globals", whole, `--profile=${profile}`, "--export-prefix=%", "-o1", beside(".first.wasm"), "-o2", beside(".rest.wasm"));
for (const file of [counting, profile]) rmSync(file);

// The bytes of resources that the first example has no use for come with the code that asks for them.
const [first, rest] = [beside(".first.wasm"), beside(".rest.wasm")];
const [firstSections, restSections] = [first, rest].map((file) => sectionsOf(readFileSync(file)));
moveData(firstSections, restSections, "late resources {", "} late resources");
joinData(firstSections);
writeFileSync(first, moduleOf(withoutNames(firstSections)));
writeFileSync(rest, moduleOf(withoutNames(restSections)));
const wholeSections = sectionsOf(readFileSync(whole));
joinData(wholeSections);
writeFileSync(whole, moduleOf(withoutNames(wholeSections)));

// The first part does all of that alone.
const { default: createAgain } = await import(`${pathToFileURL(glue).href}?first`);
use(
    await createAgain({
        instantiateWasm(imports, done) {
            const module = new WebAssembly.Module(readFileSync(first));
            const missing = () => {
                throw new Error("the first part needs the rest for the first example");
            };
            void instantiateParts(module, imports, missing).then(({ instance }) => done(instance, module));
            return {};
        },
    }),
);
