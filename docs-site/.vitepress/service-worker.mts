// The service worker of the built site: keeps pages, scripts and the engine for use without a network.
// PostgreSQL is large, so it is kept only once it was asked for.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow } from "./relocate.mts";

const large = /pglite|initdb|\.data$|\.tar\.gz$/;

export const offlineScript = (depth: number): string =>
    `<script>"serviceWorker"in navigator&&addEventListener("load",()=>navigator.serviceWorker.register(${JSON.stringify(
        `${"../".repeat(depth) || "./"}service-worker.js`,
    )}).catch(()=>{}))</script>`;

export function writeServiceWorker(root: string): void {
    const files = filesBelow(root).filter((file) => !large.test(file) && !file.endsWith("service-worker.js"));
    const hash = createHash("sha256");
    for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
    const names = files.map((file) => relative(root, file).replaceAll("\\", "/"));
    const source = readFileSync(join(root, "../service-worker-source.js"), "utf8");
    writeFileSync(
        join(root, "service-worker.js"),
        `const version = ${JSON.stringify(hash.digest("hex").slice(0, 16))};\nconst files = ${JSON.stringify(names)};\n${source}`,
    );
}
