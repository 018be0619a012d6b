import { ask, commands } from "../.vitepress/program.mts";

const sections: Record<string, string> = { Options: "Options", Positionals: "Arguments", Examples: "Examples" };

/** The help as the program prints it, with headings where its own are. */
function page(name: string, summary: string): string {
    const lines = ask(name, "--help").trimEnd().split("\n");
    const parts: string[] = [];
    let block: string[] = [];
    const flush = () => {
        const text = block.join("\n").replace(/^\n+|\s+$/g, "");
        if (text) parts.push(`\`\`\`text\n${text}\n\`\`\``);
        block = [];
    };
    for (const line of lines) {
        const heading = sections[/^([A-Z][a-z]+):\s*$/.exec(line)?.[1] ?? ""];
        if (line === summary) continue;
        if (heading) {
            flush();
            parts.push(`## ${heading}`);
        } else {
            block.push(line);
        }
    }
    flush();
    return [`# ${name}`, summary, ...parts].join("\n\n");
}

export default {
    paths: () => commands().map(({ name, summary }) => ({ params: { command: name }, content: page(name, summary) })),
};
