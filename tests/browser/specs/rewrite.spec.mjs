import { expect, legacyApp, test } from "./site.mjs";

test("the first view shows an example with its rewrite", async ({ page, playground }) => {
    await playground.open();
    await expect(playground.result).toContainText("CovetApp");
    await expect(page.getByRole("tab", { name: /^Findings [1-9]/ })).toBeVisible();
});

test("what is typed is rewritten beside it", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await expect(playground.result).toContainText("from models import Book");
    await expect(page.locator(".pg-files")).toContainText("models.py");
    await playground.rewrite("print('hello')\n");
    await expect(playground.result).not.toContainText("Book");
    await expect(page.getByText("Nothing to migrate was found")).toBeVisible();
});

test("a change can be rejected and applied again, in the list and in the editor", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await expect(playground.result).toContainText("await");
    await playground.tab("Changes");
    const box = page.getByRole("checkbox", { name: /Apply the change at line/ }).first();
    await expect(box).toBeChecked();
    await box.uncheck();
    await expect(playground.result).toContainText("routes = {}");
    await expect(page.locator(".pg-hunk.is-rejected")).toHaveCount(1);
    await page.locator(".pg-hunk.is-rejected").click();
    await expect(box).toBeChecked();
    await expect(playground.result).not.toContainText("routes = {}");
});

test("a rejected change stays rejected while other lines are edited", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.tab("Changes");
    await page.getByRole("checkbox", { name: /Apply the change at line/ }).first().uncheck();
    await playground.source.press("Control+Home");
    await page.keyboard.insertText("# a comment above\n");
    await expect(playground.result).toContainText("# a comment above");
    await expect(playground.result).toContainText("routes = {}");
});

test("findings lead to their line, and code to its reason", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await page.getByRole("button", { name: /COV201/ }).first().click();
    await expect(playground.source).toBeFocused();
    await page.locator(".cm-finding").first().hover();
    await expect(page.locator(".pg-hover")).toContainText(/COV\d+/);
});

test("an editor can be searched with the first key", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.source.press("Control+f");
    await page.getByRole("textbox", { name: "Find" }).pressSequentially("routes");
    await expect(page.locator(".cm-searchMatch").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(playground.source).toBeFocused();
});

test("the totals are those of the report", async ({ page, playground }) => {
    await playground.open();
    const download = page.waitForEvent("download");
    await playground.tab("Report");
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    const stream = await (await download).createReadStream();
    let text = "";
    for await (const part of stream) text += part;
    const report = JSON.parse(text);
    await playground.tab("Findings");
    await expect(page.getByRole("button", { name: `All ${report.findings.length}`, exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: `Fixed ${report.summary.findings.fixed}`, exact: true })).toBeVisible();
});

test("views: unified, result alone", async ({ page, playground }) => {
    await playground.open();
    await page.getByRole("button", { name: "Unified" }).click();
    await expect(page.locator(".cm-deletedChunk").first()).toBeVisible();
    await page.getByRole("button", { name: "Result", exact: true }).click();
    await expect(page.locator(".cm-deletedChunk")).toHaveCount(0);
    await expect(playground.result).toContainText("CovetApp");
});

test("the tree leads to the source", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite("x = 1\n\n\ndef f():\n    return x\n");
    await playground.tab("Tree");
    await page.getByRole("button", { name: /^function_definition 4:0/ }).click();
    await expect(playground.source).toBeFocused();
    await expect(page.locator(".cm-merge-a .cm-activeLine")).toContainText("def f()");
});
