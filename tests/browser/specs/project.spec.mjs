import { readFileSync } from "node:fs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { expect, legacyApp, test } from "./site.mjs";

test("a share link brings back files and decisions", async ({ page, playground, context }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await playground.tab("Changes");
    await page.getByRole("checkbox", { name: /Apply the change at line/ }).first().uncheck();
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page).toHaveURL(/#v1=[\w-]+$/);
    const other = await context.newPage();
    await other.goto(page.url());
    await expect(other.getByLabel(/after the migration$/)).toContainText("routes = {}");
    await expect(other.getByRole("textbox", { name: /^Source of/ })).toContainText("list_books");
    await other.close();
});

test("a link of the first version still opens", async ({ playground }) => {
    await playground.open("#v1=q1ZKU7KqVkosKNArqFSyUiooyswr0YhRKikqTY1R0lSqrQUA");
    await expect(playground.source).toContainText('print("true")');
});

test("a damaged link says so and the page works", async ({ page, playground }) => {
    await playground.open("#v1=AAAA");
    await expect(page.getByText("damaged or was cut off")).toBeVisible();
    await expect(playground.result).toContainText("CovetApp");
});

test("a project too large for a link comes as a zip", async ({ page, playground }) => {
    await playground.open();
    let noise = "";
    for (let at = 0, value = 7; at < 20000; ++at) {
        value = (value * 48271) % 2147483647;
        noise += `# ${value.toString(36)}\n`;
    }
    await page.getByLabel("Files or a zip").setInputFiles({ name: "app.py", mimeType: "text/x-python", buffer: Buffer.from(noise) });
    await expect(playground.source).toContainText("# 78q1");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Share" }).click();
    expect((await download).suggestedFilename()).toBe("project.zip");
});

test("a zip goes in, and the migrated project comes out byte for byte", async ({ page, playground }) => {
    await playground.open();
    const crlf = "x = 1\r\n";
    const zip = zipSync({
        "shop/app.py": strToU8(legacyApp),
        "shop/notes.txt": strToU8(crlf),
        "shop/latin.py": new Uint8Array([0x23, 0xe9, 0x0a]),
        "shop/.git/config": strToU8("x"),
    });
    await page.getByLabel("Files or a zip").setInputFiles({ name: "shop.zip", mimeType: "application/zip", buffer: Buffer.from(zip) });
    await expect(page.locator(".pg-files")).toContainText("notes.txt");
    await expect(page.locator(".pg-files")).toContainText("models.py");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const files = unzipSync(readFileSync(await (await download).path()));
    expect(strFromU8(files["app.py"])).toContain("CovetApp");
    expect(strFromU8(files["models.py"])).toContain("class Book");
    expect(strFromU8(files["notes.txt"])).toBe(crlf);
    expect([...files["latin.py"]]).toEqual([0x23, 0xe9, 0x0a]);
    expect(files[".git/config"]).toBeUndefined();
});

test("the state is kept over a reload", async ({ page, playground }) => {
    await playground.open();
    await playground.rewrite(legacyApp);
    await expect(playground.result).toContainText("from models import Book");
    await page.reload();
    await expect(playground.source).toContainText("list_books");
});

test("files can be added and removed", async ({ page, playground }) => {
    await playground.open();
    await page.getByRole("button", { name: "Add a file" }).click();
    await page.getByRole("textbox", { name: "Name of the new file" }).fill("extra.py");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "Source of extra.py" })).toBeVisible();
    await page.getByRole("button", { name: "Remove extra.py" }).click();
    await expect(page.locator(".pg-files")).not.toContainText("extra.py");
});

test("every example of the gallery is analysed", async ({ page, playground }) => {
    await playground.open();
    await page.getByRole("button", { name: "Examples" }).click();
    const titles = await page.locator(".pg-menu-item > span:first-child").allInnerTexts();
    expect(titles.length).toBeGreaterThan(8);
    await page.keyboard.press("Escape");
    for (const title of titles) {
        await playground.example(title);
        await expect(page.getByRole("tab", { name: /^Findings [1-9]/ })).toBeVisible();
        await expect(page.getByRole("alert")).toHaveCount(0);
    }
});

test("options reach the generated configuration", async ({ page, playground }) => {
    await playground.open();
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("Database URL in the configuration").fill("sqlite:///books.db");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "covetpy_config.json" }).click();
    await expect(playground.result).toContainText("sqlite:///books.db");
});
