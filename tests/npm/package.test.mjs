// The npm package as somebody gets it: packed, installed without a network into an empty folder, and used.
//
//   node --test package.test.mjs      WASM_FOLDER and NATIVE (the native program) from the environment

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shop = join(root, "examples/legacy_shop");
const folder = mkdtempSync(join(tmpdir(), "covet-npm-"));
const npm = (cwd, ...words) => execFileSync("npm", words, { cwd, stdio: ["ignore", "pipe", "inherit"] }).toString();
const cli = (...words) =>
    spawnSync(join(folder, "user/node_modules/.bin/covetpy-migrate"), words, { encoding: "utf8", maxBuffer: 1 << 26 });

before(() => {
    const built = join(folder, "package");
    execFileSync(process.execPath, [join(root, "wasm/npm/pack.mjs"), process.env.WASM_FOLDER, built]);
    npm(built, "pack", "--pack-destination", folder, "--silent");
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    execFileSync("mkdir", [join(folder, "user")]);
    writeFileSync(join(folder, "user/package.json"), '{"type":"module"}');
    npm(join(folder, "user"), "install", "--offline", "--no-audit", "--no-fund", "--silent", join(folder, archive));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("the command gives the native program's report, byte for byte", () => {
    const native = execFileSync(process.env.NATIVE, ["analyze", shop, "--format", "json"], { maxBuffer: 1 << 26 });
    const { stdout, status } = cli("analyze", shop, "--format", "json");
    assert.equal(status, 0);
    // The native program also reads files that cannot matter, and counts them.
    const plain = (text) => text.replace(/"summary": \{\s*"files": \d+,/, '"summary": {');
    assert.equal(plain(stdout), plain(native.toString()));
});

test("the command prints patches and SQL, and refuses nonsense", () => {
    assert.match(cli("code", shop).stdout, /^--- a\/accounts\.py$/m);
    assert.match(cli("database", shop, "--dialect", "mysql").stdout, /CREATE TABLE `categories`/);
    assert.match(cli("--help").stdout, /^Usage/);
    assert.equal(cli("nonsense").status, 1);
    assert.equal(cli("database", shop, "--dialect", "oracle").status, 1);
});

test("the module works in Node, with types of its own report", async () => {
    writeFileSync(
        join(folder, "user/use.mjs"),
        `import { load } from "covetpy-migrate";
         const workspace = (await load()).createWorkspace();
         workspace.setFile("app.py", "x = [");
         const report = workspace.analyze();
         console.log(report.findings[0].rule, workspace.changes().length);
         workspace.dispose();`,
    );
    assert.equal(execFileSync(process.execPath, [join(folder, "user/use.mjs")]).toString(), "COV001 0\n");
    const files = readdirSync(join(folder, "user/node_modules/covetpy-migrate"));
    for (const name of ["index.d.ts", "report.d.ts", "LICENSE"]) assert.ok(files.includes(name), name);
});

test("own rules are taken from the module, with errors that say where they stand", () => {
    writeFileSync(
        join(folder, "user/rules.mjs"),
        `import { load } from "covetpy-migrate";
         const workspace = (await load()).createWorkspace();
         workspace.setFile("app.py", "import a\\n\\na.b()\\n");
         workspace.setRules({ rules: [{ id: "a-b", message: "m", from: "a.b", to: "a.c" }] });
         console.log(workspace.analyze().findings[0].outcome);
         console.log(new TextDecoder().decode(workspace.applyRules("app.py")).split("\\n")[2]);
         workspace.setOptions({ unsafe: true, ignore: ["COV004"] });
         console.log(workspace.analyze().findings[0].outcome);
         workspace.setRules('{"rules": [{"id": "X"}]}', { "/rules/0/id": 7 });
         try { workspace.analyze(); } catch ({ code, line }) { console.log(code, line); }`,
    );
    assert.equal(
        execFileSync(process.execPath, [join(folder, "user/rules.mjs")]).toString(),
        "offered\na.c()\nfixed\nrule-file 7\n",
    );
});
