import { expect, test } from "./site.mjs";

test("the landing page leads to the playground", async ({ page, playground }) => {
    await page.goto("index.html");
    await page.getByRole("link", { name: "Try it in this page" }).click();
    await playground.analyzed();
});

test("a rule's example opens in the playground", async ({ page, playground }) => {
    await page.goto("rules/COV202.html");
    await expect(page.getByRole("heading", { name: "COV202 store-use" })).toBeVisible();
    await page.getByRole("link", { name: "Open in playground" }).click();
    await playground.analyzed();
    await expect(page.getByRole("button", { name: /COV202/ }).first()).toBeVisible();
});

test("every page of rules and commands is there, and links stay whole over navigation", async ({ page, request }) => {
    await page.goto("rules/index.html");
    const links = await page.locator(".VPSidebar a").evaluateAll((all) => all.map((a) => a.href));
    expect(links.length).toBeGreaterThan(35);
    for (const link of links) expect((await request.get(link)).status(), link).toBe(200);
    await page.locator(".vp-doc").getByRole("link", { name: "COV101" }).click();
    await expect(page.getByRole("heading", { name: /^COV101/ })).toBeVisible();
    await page.getByRole("link", { name: "Guide" }).first().click();
    await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();
    await page.getByRole("link", { name: "Commands" }).first().click();
    await expect(page.getByRole("heading", { name: "Commands", exact: true })).toBeVisible();
    expect(page.url()).toContain("/some/where/commands/");
});

test("the reference is the program's own help", async ({ page }) => {
    await page.goto("commands/run.html");
    await expect(page.locator(".vp-doc")).toContainText("--vendor-runtime");
});
