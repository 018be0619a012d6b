// Serves the built site on this machine only.
//
//   node serve.mjs FOLDER [--port 4173] [--base /sub/path/]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { createGzip } from "node:zlib";

const [folder, ...words] = process.argv.slice(2);
const option = (name, fallback) => (words.includes(name) ? words[words.indexOf(name) + 1] : fallback);
if (!folder) {
    console.error("usage: node serve.mjs FOLDER [--port 4173] [--base /sub/path/]");
    process.exit(1);
}
const root = resolve(folder);
const base = option("--base", "/");
const port = Number(option("--port", "4173"));
const types = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
};

function fileOf(url) {
    let path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    if (!path.startsWith(base)) return null;
    path = normalize(path.slice(base.length)) || ".";
    if (path.startsWith("..")) return null;
    let file = join(root, path);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!existsSync(file) && existsSync(`${file}.html`)) file = `${file}.html`;
    return existsSync(file) ? file : null;
}

const server = createServer((request, response) => {
    const file = fileOf(request.url);
    if (!file) {
        const missing = join(root, "404.html");
        response.writeHead(404, { "content-type": types[".html"] });
        if (existsSync(missing)) createReadStream(missing).pipe(response);
        else response.end();
        return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    const zip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "") && /text|javascript|json|wasm|svg/.test(type);
    response.writeHead(200, {
        "content-type": type,
        "cache-control": "no-cache",
        ...(zip ? { "content-encoding": "gzip" } : { "content-length": statSync(file).size }),
    });
    if (zip) createReadStream(file).pipe(createGzip()).pipe(response);
    else createReadStream(file).pipe(response);
});
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}${base}`));
