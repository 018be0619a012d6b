import { expect, legacyApp, test } from "./site.mjs";

test.describe("without a network", () => {
    test("the page comes back from its service worker", async ({ page, playground, context }) => {
        await playground.open();
        await page.evaluate(() => navigator.serviceWorker.ready);
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        await context.setOffline(true);
        await page.reload();
        await playground.analyzed();
        await playground.write(legacyApp);
        await expect(playground.result).toContainText("from models import Book");
        await playground.tab("Data");
        await expect(page.getByRole("region", { name: "Rows" }).locator("tbody tr")).toHaveCount(2);
        await context.setOffline(false);
    });
});

test.describe("an engine that cannot be fetched", () => {
    test.use({ expectedErrors: [/Failed to load resource/], serviceWorkers: "block" });
    test("is said, and tried again", async ({ page, playground }) => {
        await page.route("**/*.wasm", (route) => route.fulfill({ status: 503 }));
        await page.goto("playground.html");
        await expect(page.getByRole("alert")).toContainText("could not be fetched");
        await page.unroute("**/*.wasm");
        await page.getByRole("button", { name: "Try again" }).click();
        await playground.analyzed();
        await expect(playground.result).toContainText("CovetApp");
    });
});

test.describe("an example that is slow to come", () => {
    test.use({ serviceWorkers: "block" });
    test("takes nothing away that was typed meanwhile", async ({ page, playground }) => {
        await playground.open();
        let arrive;
        const waited = new Promise((resolve) => (arrive = resolve));
        await page.route(/\/assets\/chunks\/app\.[^/]*\.js$/, async (route) => {
            await waited;
            await route.continue();
        });
        await page.getByRole("button", { name: "Examples" }).click();
        await page.locator(".pg-menu-item").filter({ hasText: "Request objects" }).click();
        await playground.write("# typed\n");
        arrive();
        await expect(page.locator(".pg-notice")).toContainText("came after your edit");
        await expect(playground.source).toContainText("# typed");
    });
});

test("the policy forbids other origins and code from text", async ({ page }) => {
    for (const path of ["playground.html", "index.html", "rules/COV201.html"]) {
        await page.goto(path);
        const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
        expect(policy).toContain("default-src 'none'");
        expect(policy).toContain("connect-src 'self'");
        expect(policy).not.toContain("'unsafe-eval'");
        expect(policy.match(/script-src ([^;]*)/)[1]).not.toContain("unsafe-inline");
    }
});

test.describe("an engine that does not come back", () => {
    test.use({ serviceWorkers: "block" });
    test("is restarted, and goes on with the next input", async ({ page, playground }) => {
        // The real worker, with one input that never ends.
        const trap = `addEventListener("message", (event) => {
            if (JSON.stringify(event.data.updates ?? {}).includes("never ends")) for (;;);
        });\n`;
        await page.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
            const response = await route.fetch();
            await route.fulfill({ response, body: trap + (await response.text()) });
        });
        await playground.open();
        await playground.write("# never ends\n");
        await expect(page.getByRole("alert")).toContainText("restarted", { timeout: 30_000 });
        await playground.write(legacyApp);
        await expect(playground.result).toContainText("from models import Book");
        await expect(page.getByRole("alert")).toHaveCount(0);
    });
});
