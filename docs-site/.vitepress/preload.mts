// The playground's page names its script and the engine at once, so that neither waits for the other.

import { readdirSync } from "node:fs";
import { join } from "node:path";

const nameIn = (folder: string, pattern: RegExp): string => {
    const found = readdirSync(folder).filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`${folder}: ${found.length} files like ${pattern}`);
    return found[0]!;
};

export function preloads(root: string): (html: string, depth: number) => string {
    const assets = join(root, "assets");
    const engine = `assets/${nameIn(assets, /^covet_migrate\.first\..*\.wasm$/)}`;
    const script = `assets/chunks/${nameIn(join(assets, "chunks"), /^Playground\..*\.js$/)}`;
    return (html, depth) => {
        if (!html.includes('class="playground-wait"')) return html;
        const up = "../".repeat(depth) || "./";
        const links =
            `<link rel="preload" as="fetch" crossorigin href="${up}${engine}">` +
            `<link rel="modulepreload" href="${up}${script}">`;
        return html.replace("</head>", `${links}</head>`);
    };
}
