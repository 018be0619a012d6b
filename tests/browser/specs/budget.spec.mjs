import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "./site.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const budgets = JSON.parse(readFileSync(at("../../../web/budgets.json"), "utf8"));
const site = at("../../../docs-site/.vitepress/dist");
const packed = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

test("the engine keeps its budget", () => {
    const name = readdirSync(join(site, "assets")).find((file) => /^covet_migrate.*\.wasm$/.test(file));
    expect(packed(join(site, "assets", name))).toBeLessThanOrEqual(budgets.engine.limit);
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
