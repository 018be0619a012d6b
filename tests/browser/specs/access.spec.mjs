import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Violations that axe calls serious or critical. */
async function serious(page) {
    // Through the debugger: the page's policy does not let strange scripts in.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

for (const scheme of ["light", "dark"]) {
    test.describe(`in ${scheme} colours`, () => {
        test.use({ colorScheme: scheme });
        test("axe finds nothing serious", async ({ page, playground }) => {
            await playground.open();
            for (const tab of ["Findings", "Changes", "Schema", "Data", "Rules", "Tree", "Report"]) {
                await playground.tab(tab);
                await page.waitForTimeout(300);
                expect(await serious(page), tab).toEqual([]);
            }
            for (const path of ["index.html", "getting-started.html", "rules/COV202.html", "commands/run.html"]) {
                await page.goto(path);
                expect(await serious(page), path).toEqual([]);
            }
        });
    });
}

test.describe("where the system chooses the colours", () => {
    test.use({ contextOptions: { forcedColors: "active" } });
    test("what is chosen still shows", async ({ page, playground }) => {
        await playground.open();
        const styleOf = (place, name) => place.evaluate((node, key) => getComputedStyle(node)[key], name);
        const view = (title) => page.getByRole("button", { name: title, exact: true });
        expect(await styleOf(view("Side by side"), "outlineStyle")).toBe("solid");
        expect(await styleOf(view("Unified"), "outlineStyle")).toBe("none");
        const line = (title) => styleOf(page.getByRole("tab", { name: new RegExp(`^${title}`) }), "borderBottomColor");
        expect(await line("Findings")).not.toBe(await line("Changes"));
        const paper = await styleOf(page.locator(".pg-work"), "backgroundColor");
        expect(await styleOf(page.locator(".pg-hunk").first(), "backgroundColor")).not.toBe(paper);
    });
});

test("dark colours follow the system and can be switched", async ({ page, playground }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await playground.open();
    const background = () => page.locator(".pg-work").evaluate((node) => getComputedStyle(node).backgroundColor);
    expect(await background()).toBe("rgb(20, 24, 27)");
    await page.getByRole("button", { name: "Light colours" }).click();
    expect(await background()).toBe("rgb(255, 255, 255)");
});

test("everything is reached by keyboard alone", async ({ page, playground }) => {
    await playground.open();
    const focus = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText);
    // Into the gallery, to another example.
    await page.getByRole("button", { name: "Examples" }).focus();
    await page.keyboard.press("Enter");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await expect(page.locator(".pg-file-name")).toHaveText("app.py");
    // Typing in the editor, and out of it again.
    await playground.source.focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("# typed\n");
    // As a line of its own: before the last key it is a comment in front of the first statement, which changes otherwise.
    await expect(playground.result.locator(".cm-line").first()).toHaveText("# typed");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await focus()).not.toContain("Source of");
    // A change rejected inside the result.
    await playground.result.focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F7");
    await page.keyboard.press("Alt+Enter");
    await expect(page.locator(".pg-hunk.is-rejected").first()).toBeAttached();
    // Tabs.
    await page.getByRole("tab", { name: /^Findings/ }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: /^Changes/ })).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect(page.getByRole("checkbox").first()).toBeFocused();
});

test("360 pixels are enough", async ({ page, playground }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await playground.open();
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(360);
    await page.getByRole("button", { name: "Changes", exact: true }).click();
    await expect(playground.result).toContainText("CovetApp");
    for (const tab of ["Changes", "Schema", "Data", "Rules", "Report"]) {
        await playground.tab(tab);
        expect(await width(), tab).toBeLessThanOrEqual(360);
    }
    await page.goto("index.html");
    expect(await width()).toBeLessThanOrEqual(360);
});
