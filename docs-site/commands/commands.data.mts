import { ask, commands } from "../.vitepress/program.mts";

export default {
    load: () => ({ commands: commands(), help: ask("--help").trimEnd() }),
};
