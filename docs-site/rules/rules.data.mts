import { rules } from "../.vitepress/rules.mts";

export default { load: rules };
