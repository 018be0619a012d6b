import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import PlaygroundPage from "./PlaygroundPage.vue";
import "./style.css";

export default {
    extends: DefaultTheme,
    enhanceApp({ app }) {
        app.component("PlaygroundPage", PlaygroundPage);
    },
} satisfies Theme;
