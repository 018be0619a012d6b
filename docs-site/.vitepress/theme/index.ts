import { defineAsyncComponent, h } from "vue";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import PlaygroundPage from "./PlaygroundPage.vue";
import "./style.css";

// Only the landing page loads it.
const RewriteExample = defineAsyncComponent(() => import("./RewriteExample.vue"));

export default {
    extends: DefaultTheme,
    Layout: () => h(DefaultTheme.Layout, null, { "home-hero-image": () => h(RewriteExample) }),
    enhanceApp({ app }) {
        app.component("PlaygroundPage", PlaygroundPage);
    },
} satisfies Theme;
