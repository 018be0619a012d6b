import { exampleOf, rules, textOf, type Example, type Rule } from "../.vitepress/rules.mts";

const kShownLines = 60;
const meaning = {
    safe: "Safe: behaviour is kept; applied by `code --write` and `run`.",
    unsafe: "Unsafe: valid code whose behaviour may change; offered, applied only if asked for.",
    manual: "Left to you: shown with its reason, never applied.",
};

/** A window of long files around the line that matters. */
function excerpt(text: string, line: number): string {
    const lines = text.trimEnd().split("\n");
    if (lines.length <= kShownLines) return lines.join("\n");
    const from = Math.max(0, Math.min(line - kShownLines / 2, lines.length - kShownLines));
    const shown = lines.slice(from, from + kShownLines);
    return [...(from > 0 ? ["# …"] : []), ...shown, ...(from + kShownLines < lines.length ? ["# …"] : [])].join("\n");
}

function fence(text: string, file: string, label: string): string {
    const language = file.endsWith(".py") ? "python" : "text";
    return `\`\`\`\`${language} [${label}]\n${text}\n\`\`\`\``;
}

function exampleText(example: Example): string {
    const tabs = [fence(excerpt(example.before, example.line), example.file, "Before")];
    if (example.after !== null) tabs.push(fence(excerpt(example.after, example.line), example.file, "After"));
    return [
        "## Example",
        "",
        `Line ${example.line} of \`${example.file}\`. This example is one of the tests (\`tests/fixtures/${example.name}\`).`,
        "",
        `<a class="open-playground" href="../playground.html#${example.link}" target="_self">Open in playground</a>`,
        "",
        "::: code-group",
        tabs.join("\n\n"),
        ":::",
    ].join("\n");
}

function page(rule: Rule): string {
    const example = exampleOf(rule.id);
    return [
        `# ${rule.id} ${rule.name}`,
        "",
        `> ${rule.message.replaceAll("{}", "…")}`,
        "",
        meaning[rule.safety],
        "",
        textOf(rule.id).replace(/^### /gm, "## "),
        "",
        example ? exampleText(example) : "",
    ].join("\n");
}

export default {
    watch: ["../../core/resources/findings/*.md", "../../tests/fixtures/**/findings.txt"],
    paths: () => rules().findings.map((rule) => ({ params: { rule: rule.id, title: rule.name }, content: page(rule) })),
};
