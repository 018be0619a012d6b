import { expect, test } from "./site.mjs";

test("every example of the gallery opens and says something", async ({ page, playground }) => {
    test.setTimeout(180_000);
    await playground.open();
    await page.getByRole("button", { name: "Examples" }).click();
    const titles = await page.locator(".pg-menu-panel .pg-menu-item > span:first-child").allTextContents();
    const groups = await page.locator(".pg-menu-panel .pg-menu-title").allTextContents();
    await page.keyboard.press("Escape");
    expect(groups).toEqual(expect.arrayContaining(["CovetPy 0.1", "Flask", "FastAPI", "Python's own servers"]));
    const seen = { exact: 0, bridged: 0, manual: 0 };
    for (const title of titles) {
        await page.getByRole("button", { name: "Examples" }).click();
        await page.locator(".pg-menu-panel .pg-menu-item").filter({ has: page.getByText(title, { exact: true }) }).click();
        await expect(page.locator(".pg-findings"), title).toContainText(/\d+ uses/);
        await expect(page.getByRole("alert"), title).toHaveCount(0);
        await expect(page.locator(".pg-finding").first(), title).toBeVisible();
        const text = await page.locator(".pg-findings .pg-push").textContent();
        const [, exact, bridged, manual] = text.match(/(\d+) exact, (\d+) bridged, (\d+) manual/);
        for (const [tier, count] of Object.entries({ exact, bridged, manual })) seen[tier] += Number(count) > 0;
    }
    for (const [tier, examples] of Object.entries(seen)) expect(examples, tier).toBeGreaterThan(1);
});
