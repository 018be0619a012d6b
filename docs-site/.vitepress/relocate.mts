// Makes the built site independent of where it is put: every absolute address that the build wrote for the
// placeholder base becomes relative (pages) or follows from the module's own address (scripts).

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseAst } from "rollup/parseAst";

export const placeholderBase = "/__base__/";

export function filesBelow(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .sort();
}

const up = (depth: number) => "../".repeat(depth) || "./";
const depthOf = (root: string, file: string) => relative(root, file).split("/").length - 1;

interface Node {
    type: string;
    start: number;
    end: number;
    value?: unknown;
    [key: string]: unknown;
}

/** Strings and pieces of templates that hold the placeholder. */
function* holders(node: Node): Generator<Node> {
    const text = node.type === "TemplateElement" ? (node.value as { raw: string }).raw : node.value;
    if (typeof text === "string" && (node.type === "Literal" || node.type === "TemplateElement")) {
        if (text.includes(placeholderBase)) yield node;
        return;
    }
    for (const value of Object.values(node)) {
        for (const child of Array.isArray(value) ? value : [value])
            if (child && typeof child === "object" && typeof (child as Node).type === "string") yield* holders(child as Node);
    }
}

export function relocateScript(code: string, depth: number): string {
    if (!code.includes(placeholderBase)) return code;
    const base = `new URL(${JSON.stringify(up(depth))},import.meta.url).pathname`;
    let result = "";
    let at = 0;
    for (const node of holders(parseAst(code) as unknown as Node)) {
        result += code.slice(at, node.start);
        if (node.type === "Literal") {
            const pieces = (node.value as string).split(placeholderBase).map((piece) => JSON.stringify(piece));
            result += `(${pieces.join(`+${base}+`)})`;
        } else {
            result += code.slice(node.start, node.end).replaceAll(placeholderBase, () => `\${${base}}`);
        }
        at = node.end;
    }
    return result + code.slice(at);
}

/** Links are made absolute before the page comes alive: it changes its address without being loaded anew. */
const anchorScript =
    '<script>for(const a of document.querySelectorAll("a[href^=\'.\']"))a.setAttribute("href",a.pathname+a.search+a.hash)</script>';

export const relocatePage = (html: string, depth: number): string =>
    html.replaceAll(placeholderBase, up(depth)).replace("</body>", `${anchorScript}</body>`);

export function relocate(root: string, finishPage: (html: string, depth: number) => string): void {
    for (const file of filesBelow(root)) {
        const depth = depthOf(root, file);
        const change = file.endsWith(".html")
            ? (text: string) => finishPage(relocatePage(text, depth), depth)
            : file.endsWith(".js")
              ? (text: string) => relocateScript(text, depth)
              : file.endsWith(".css")
                ? (text: string) => text.replaceAll(placeholderBase, up(depth))
                : null;
        if (!change) continue;
        const before = readFileSync(file, "utf8");
        const after = change(before);
        if (after !== before) writeFileSync(file, after);
    }
}
