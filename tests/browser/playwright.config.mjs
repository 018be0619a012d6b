import { defineConfig } from "@playwright/test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const port = Number(process.env.COVET_SITE_PORT ?? 41739);
// A sub-path, since the site promises to work below any.
const base = "/some/where/";

export default defineConfig({
    testDir: at("specs"),
    outputDir: at("../../build/browser/results"),
    reporter: [["list"]],
    timeout: 60_000,
    expect: { timeout: 15_000 },
    workers: Number(process.env.COVET_BROWSER_WORKERS ?? 2),
    fullyParallel: true,
    forbidOnly: true,
    use: {
        baseURL: `http://127.0.0.1:${port}${base}`,
        viewport: { width: 1440, height: 900 },
        launchOptions: {
            executablePath: process.env.COVET_CHROMIUM ?? "/usr/bin/chromium",
            args: ["--no-sandbox", "--disable-dev-shm-usage"],
        },
    },
    webServer: {
        command: `node ${at("../../docs-site/scripts/serve.mjs")} ${at("../../docs-site/.vitepress/dist")} --port ${port} --base ${base}`,
        url: `http://127.0.0.1:${port}${base}index.html`,
        reuseExistingServer: false,
    },
});
