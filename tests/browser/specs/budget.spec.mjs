import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, legacyApp, test } from "./site.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const budgets = JSON.parse(readFileSync(at("../../../web/budgets.json"), "utf8"));
const site = at("../../../docs-site/.vitepress/dist");
const packed = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

test("the engine keeps its budget", () => {
    const sizeOf = (part) =>
        packed(join(site, "assets", readdirSync(join(site, "assets")).find((file) => file.startsWith(`covet_migrate.${part}.`))));
    const [first, rest] = [sizeOf("first"), sizeOf("rest")];
    console.log(`engine: ${first} bytes at first, ${rest} behind the first analysis`);
    expect(first).toBeLessThanOrEqual(budgets.engine.limit);
    expect(first + rest).toBeLessThanOrEqual(budgets.wholeEngine.limit);
});

test.describe("the way to the first analysis", () => {
    test.use({ serviceWorkers: "block" });
    test("keeps its budget", async ({ page, playground }) => {
        const files = new Set();
        page.on("request", (request) => {
            const url = new URL(request.url());
            if (url.protocol === "http:") files.add(decodeURIComponent(url.pathname).replace("/some/where/", ""));
        });
        await playground.open();
        const sizes = [...files].map((file) => [packed(join(site, file)), file]).sort(([a], [b]) => b - a);
        const total = sizes.reduce((sum, [size]) => sum + size, 0);
        console.log(`first analysis: ${total} bytes\n${sizes.slice(0, 8).map(([size, file]) => `  ${size} ${file}`).join("\n")}`);
        expect(total).toBeLessThanOrEqual(budgets.firstAnalysis.limit);
    });
});

/** `legacyApp` with more stores and handlers, up to so many lines. */
function applicationOf(lines) {
    const at = legacyApp.indexOf("async def app(");
    let more = "";
    for (let number = 1; (legacyApp + more).split("\n").length + 17 <= lines; ++number)
        more += `items_${number} = [
    {"id": 1, "name": "a", "kind": "x", "price": 1.5},
    {"id": 2, "name": "b", "kind": "y", "price": 2.5},
]


@route("/items${number}")
async def list_items_${number}(request):
    return [item for item in items_${number} if item["kind"] == "x"]


@route("/items${number}/count")
async def count_items_${number}(request):
    return {"count": len(items_${number})}


`;
    return `# \n${legacyApp.slice(0, at)}${more}${legacyApp.slice(at)}`;
}

const percentile = (times, share) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

/** Milliseconds from each key to the rewrite that shows it. */
async function keystrokes(page, playground, count) {
    await playground.source.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    await page.evaluate(() => {
        const result = document.querySelector(".cm-merge-b .cm-content");
        const times = (window.keyTimes = []);
        let began = 0;
        let before = "";
        const shown = () => result.querySelector(".cm-line")?.textContent ?? "";
        document.addEventListener("keydown", () => ((began = performance.now()), (before = shown())), true);
        new MutationObserver(() => {
            if (began === 0 || shown() === before) return;
            times.push(performance.now() - began);
            began = 0;
        }).observe(result, { childList: true, characterData: true, subtree: true });
    });
    for (let typed = 1; typed <= count; ++typed) {
        await page.keyboard.press("x");
        await page.waitForFunction((wanted) => window.keyTimes.length >= wanted, typed);
    }
    return page.evaluate(() => window.keyTimes);
}

// One after the other: what they measure is time.
test.describe("time", () => {
    test.describe.configure({ mode: "serial" });
    test.use({ serviceWorkers: "block" });

    test("from navigation to the first analysis", async ({ page, playground }) => {
        await playground.open();
        const milliseconds = await page.evaluate(() => performance.getEntriesByName("covet-first-analysis")[0].startTime);
        console.log(`first analysis after ${Math.round(milliseconds)} ms`);
        expect(milliseconds).toBeLessThanOrEqual(budgets.firstAnalysisTime.limit);
    });

    for (const lines of [200, 2000])
        test(`from a key to the rewrite of ${lines} lines`, async ({ page, playground }) => {
            test.setTimeout(180_000);
            await playground.open();
            await playground.write(applicationOf(lines));
            await page.keyboard.press("Control+Home");
            await expect(playground.result).toContainText("from covet");
            await keystrokes(page, playground, 5); // the engine's code gets fast with use
            const times = await keystrokes(page, playground, 40);
            const slowest = percentile(times, 0.95);
            console.log(`${lines} lines: p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${slowest.toFixed(1)} ms`);
            expect(slowest).toBeLessThanOrEqual(budgets[`keystroke${lines}`].limit);
        });
});
