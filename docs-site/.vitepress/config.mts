import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { preloads } from "./preload.mts";
import { commandNames } from "./program.mts";
import { placeholderBase, relocate } from "./relocate.mts";
import { ruleIds } from "./rules.mts";
import { contentSecurityPolicy } from "./security.mts";
import { offlineScript, writeServiceWorker } from "./service-worker.mts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wasm = process.env.COVET_WASM_DIR ?? `${root}build/wasm/bin`;

/** The engine's own loader names the module in one piece, which this site never loads. */
const inPartsOnly = {
    name: "engine-in-parts",
    enforce: "pre" as const,
    transform: (code: string, id: string) =>
        id.endsWith("covet_migrate.mjs") ? code.replace(/new URL\("covet_migrate\.wasm",\s*import\.meta\.url\)/, '"covet_migrate.wasm"') : null,
};

export default defineConfig({
    title: "covetpy-migrate",
    description: "Moves Python web applications off in-memory mock data, onto CovetPy 1.0 and a real database",
    lang: "en",
    // Built pages work below any path.
    base: process.argv.includes("build") ? placeholderBase : "/",
    cleanUrls: false,
    metaChunk: true,
    markdown: { theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } },
    srcExclude: ["README.md"],
    head: [["link", { rel: "icon", href: "data:," }]],
    themeConfig: {
        nav: [
            { text: "Guide", link: "/getting-started" },
            { text: "Commands", link: "/commands/" },
            { text: "Rules", link: "/rules/" },
            // A page with other parts around it is loaded anew.
            { text: "Playground", link: "/playground" },
        ],
        sidebar: [
            {
                text: "Guide",
                items: [
                    { text: "Getting started", link: "/getting-started" },
                    { text: "What can be moved", link: "/sources" },
                    { text: "Adopt it step by step", link: "/adopting" },
                    { text: "Own rules", link: "/own-rules" },
                    { text: "Architecture", link: "/architecture" },
                    { text: "Playground", link: "/playground" },
                ],
            },
            {
                text: "Commands",
                items: [
                    { text: "Overview", link: "/commands/" },
                    ...commandNames().map((name) => ({ text: name, link: `/commands/${name}` })),
                ],
            },
            {
                text: "Rules and findings",
                items: [
                    { text: "Overview", link: "/rules/" },
                    ...ruleIds().map((id) => ({ text: id, link: `/rules/${id}` })),
                ],
            },
        ],
        search: { provider: "local" },
        outline: [2, 3],
    },
    buildEnd(site) {
        const withPreloads = preloads(site.outDir);
        relocate(site.outDir, (html, depth) =>
            contentSecurityPolicy(withPreloads(html, depth).replace("</body>", `${offlineScript(depth)}</body>`)),
        );
        writeServiceWorker(site.outDir);
    },
    vite: {
        resolve: {
            alias: [
                { find: /^@covet-wasm$/, replacement: `${wasm}/covet_migrate.mjs` },
                { find: /^@covet-wasm-parts$/, replacement: `${root}wasm/parts.mjs` },
                { find: /^@covet-wasm-first-url$/, replacement: `${wasm}/covet_migrate.first.wasm?url` },
                { find: /^@covet-wasm-rest-url$/, replacement: `${wasm}/covet_migrate.rest.wasm?url` },
            ],
        },
        worker: { format: "es", plugins: () => [inPartsOnly] },
        optimizeDeps: { exclude: ["@electric-sql/pglite"] },
        build: { chunkSizeWarningLimit: 2000, target: "es2022" },
        server: { fs: { allow: [root, wasm] } },
    },
});
