import { createMarkdownRenderer, type SiteConfig } from "vitepress";
import { landing } from "./.vitepress/landing.mts";

export interface Data {
    rewrite: string;
    run: string;
}
export declare const data: Data;

export default {
    async load(): Promise<Data> {
        const config = (globalThis as unknown as { VITEPRESS_CONFIG: SiteConfig }).VITEPRESS_CONFIG;
        const markdown = await createMarkdownRenderer(config.srcDir, config.markdown, "/", config.logger);
        const { rewrite, run } = landing();
        const block = (language: string, code: string) => markdown.render(`\`\`\`${language}\n${code}\n\`\`\``);
        return { rewrite: block("diff", rewrite), run: block("text", run) };
    },
};
