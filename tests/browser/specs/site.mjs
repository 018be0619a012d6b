// What all tests share: a page in which any console error, any failed policy and any request that leaves
// the origin fails the test.

import { expect, test as base } from "@playwright/test";

export { expect };

export const test = base.extend({
    /** Errors that a test brings about itself are taken out by a pattern. */
    expectedErrors: [[], { option: true }],
    page: async ({ page, baseURL, expectedErrors }, use) => {
        const problems = [];
        const origin = new URL(baseURL).origin;
        page.on("console", (message) => {
            if (message.type() === "error") problems.push(`console: ${message.text()}`);
        });
        page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
        page.on("request", (request) => {
            const url = new URL(request.url());
            if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin)
                problems.push(`request to ${url.href}`);
        });
        await use(page);
        expect(problems.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    playground: async ({ page }, use) => use(new Playground(page)),
});

export const legacyApp = `import json

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


books = [
    {"id": 1, "title": "Dune", "price": 9.5},
    {"id": 2, "title": "Emma", "price": 7.25},
]


@route("/books")
async def list_books(request):
    return books


@route("/books/{book_id}")
async def get_book(request):
    wanted = int(request["params"]["book_id"])
    for book in books:
        if book["id"] == wanted:
            return book
    return {"error": "Not found"}, 404


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    handler = routes.get((scope["method"], scope["path"]))
    result = await handler({"params": {}}) if handler else ({"error": "Not found"}, 404)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
`;

export class Playground {
    constructor(page) {
        this.page = page;
        this.source = page.getByRole("textbox", { name: /^Source of/ });
        this.result = page.getByLabel(/after the migration$/);
    }
    /** Opens the page and waits for its first analysis. */
    async open(hash = "") {
        await this.page.goto(`playground.html${hash}`);
        await this.analyzed();
    }
    async analyzed() {
        await expect(this.page.locator('.pg-status[data-status="ready"]')).toBeVisible();
    }
    async tab(name) {
        await this.page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
    }
    async example(title) {
        await this.page.getByRole("button", { name: "Examples" }).click();
        const named = this.page.locator(".pg-menu-item").filter({ has: this.page.locator("span:first-child").getByText(title, { exact: true }) });
        await named.click();
        await this.analyzed();
    }
    /** Replaces the source by typing it in one go. */
    async write(text) {
        await this.source.click();
        await this.page.keyboard.press("Control+A");
        await this.page.keyboard.insertText(text);
    }
    /** The same; then changes, findings and reports are those of the text. */
    async rewrite(text) {
        await this.write(text);
        await this.analyzed();
    }
}
