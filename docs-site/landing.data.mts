import { createMarkdownRenderer, type SiteConfig } from "vitepress";
import { landing, type Landing } from "./.vitepress/landing.mts";

/** The same as HTML. */
export declare const data: Landing;

export default {
    async load(): Promise<Landing> {
        const config = (globalThis as unknown as { VITEPRESS_CONFIG: SiteConfig }).VITEPRESS_CONFIG;
        const markdown = await createMarkdownRenderer(config.srcDir, config.markdown, "/", config.logger);
        const { rewrite, run } = landing();
        const block = (language: string, code: string) => markdown.render(`\`\`\`${language}\n${code}\n\`\`\``);
        return { rewrite: block("diff", rewrite), run: block("text", run) };
    },
};
