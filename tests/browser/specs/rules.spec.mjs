import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { strFromU8, unzipSync } from "fflate";
import { expect, legacyApp, test } from "./site.mjs";

const program = process.env.COVET_CLI ?? fileURLToPath(new URL("../../../build/release/bin/covetpy-migrate", import.meta.url));
const rule = `[[rules]]
id = "no-dumps"
message = "json.dumps($X) is slow"
pattern = "json.dumps($X)"
replace = "json.dumps($X, separators=(',', ':'))"
`;

async function writeRules(page, text) {
    await page.getByRole("textbox", { name: "Own rules" }).click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
}

test("own rules match as they are typed, and their problems are where they stand", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.tab("Rules");
    await page.getByRole("button", { name: "Start with a rule" }).click();
    await expect(page.locator(".cm-own-match")).toHaveText("json.dumps(payload)");
    await writeRules(page, rule);
    await expect(page.getByRole("list", { name: "Matches" })).toContainText("json.dumps(payload) is slow");
    // A rule that the engine does not take: the last good one goes on, and so does the analysis.
    await writeRules(page, rule.replace("$X, sep", "$Y, sep"));
    await expect(page.getByRole("alert")).toContainText("Line 5: ");
    await expect(page.locator(".cm-lint-marker-error")).toBeVisible();
    await playground.rewrite(`# new\n${legacyApp}`);
    await expect(playground.result).toContainText("# new");
    await expect(page.locator(".cm-own-match")).toHaveText("json.dumps(payload)");
    // No TOML at all.
    await writeRules(page, "[[rules]\n");
    await expect(page.getByRole("alert")).toContainText("no TOML");
    // Taken back, they match no more.
    await writeRules(page, "");
    await expect(page.locator(".cm-own-match")).toHaveCount(0);
});

test("a match leads to the code, and a safe change is made", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite("import json\n\n\ndef show(x):\n    return json.dumps(x)\n");
    await playground.tab("Rules");
    await writeRules(page, `${rule}safety = "safe"\n`);
    await expect(playground.result).toContainText("separators");
    await page.getByRole("list", { name: "Matches" }).getByRole("button").click();
    await expect(page.locator(".cm-merge-a .cm-activeLine")).toContainText("json.dumps(x)");
});

test("a case saved as fixture passes in the program", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.tab("Rules");
    await writeRules(page, rule);
    await expect(page.getByRole("list", { name: "Matches" })).toBeVisible();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as fixture" }).click();
    const files = unzipSync(readFileSync(await (await waiting).path()));
    const folder = mkdtempSync(join(tmpdir(), "covet-rules-"));
    for (const [path, bytes] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
    }
    const input = Object.keys(files).find((path) => path.endsWith("/input.py"));
    expect(strFromU8(files[input])).toBe(legacyApp);
    expect(execFileSync(program, ["rules", "test", join(folder, "migration-rules")]).toString()).toContain("1 passed, 0 failed");
    await expect(page.getByRole("list", { name: "Fixtures" }).getByRole("listitem")).toHaveCount(1);
});

test("a share link carries own rules", async ({ page, playground, context }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.tab("Rules");
    await writeRules(page, rule);
    await expect(page.locator(".cm-own-match")).toBeVisible();
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page).toHaveURL(/#v1=[\w-]+$/);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole("tab", { name: /^Rules/ }).click();
    await expect(other.getByRole("list", { name: "Matches" })).toContainText("json.dumps(payload) is slow");
    await other.close();
});

test("the options reach the engine", async ({ page, playground }) => {
    await playground.open();
    await playground.example("Books in a list");
    await expect(playground.result).toContainText("covet");
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("Target").selectOption("fastapi");
    await expect(playground.result).toContainText("FastAPI(");
    await page.getByLabel("How far to go").selectOption("3");
    await expect(playground.result).toContainText("schemas");
    await page.getByLabel("How far to go").selectOption("2");
    await expect(playground.result).not.toContainText("schemas");
    await page.getByLabel("Not these rules").fill("ALL");
    await page.getByLabel("Not these rules").press("Tab");
    await expect(playground.result).not.toContainText("FastAPI(");
    await page.getByLabel("Not these rules").fill("no-such-rule");
    await page.getByLabel("Not these rules").press("Tab");
    await expect(page.getByRole("alert")).toContainText("no rule");
});
