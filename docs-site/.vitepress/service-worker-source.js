// `version` and `files` stand above, written by the build.

const cacheName = `covetpy-migrate-${version}`;
const hashed = /\/assets\/.*[.-][\w-]{8}\.\w+$/;

self.addEventListener("install", (event) => {
    event.waitUntil(
        caches
            .open(cacheName)
            .then((cache) => cache.addAll(files.map((name) => new Request(name, { cache: "no-cache" }))))
            .then(() => self.skipWaiting()),
    );
});

self.addEventListener("activate", (event) => {
    event.waitUntil(
        caches
            .keys()
            .then((names) =>
                Promise.all(
                    names
                        .filter((name) => name.startsWith("covetpy-migrate-") && name !== cacheName)
                        .map((name) => caches.delete(name)),
                ),
            )
            .then(() => self.clients.claim()),
    );
});

/** Pages without their ending, and folders. */
async function fromCache(request) {
    const cache = await caches.open(cacheName);
    const url = new URL(request.url);
    url.search = url.hash = "";
    const names = url.pathname.endsWith("/") ? ["index.html"] : ["", ".html"];
    for (const name of names) {
        const found = await cache.match(url.href + name);
        if (found) return found;
    }
    return undefined;
}

async function answer(request) {
    // What has a hash in its name never changes; the rest is fresh when there is a network.
    if (hashed.test(new URL(request.url).pathname)) {
        const found = await fromCache(request);
        if (found) return found;
    }
    try {
        const response = await fetch(request);
        if (response.ok) {
            const copy = response.clone();
            caches.open(cacheName).then((cache) => cache.put(request, copy)).catch(() => {});
        }
        return response;
    } catch (error) {
        const found = await fromCache(request);
        if (found) return found;
        throw error;
    }
}

self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
    event.respondWith(answer(request));
});
