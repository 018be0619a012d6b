import type { InjectionKey, Ref } from "vue";

/** What the surrounding site lends to the playground. */
export interface Site {
    home: string;
    isDark: Ref<boolean>;
    toggleDark(): void;
}

export const siteKey: InjectionKey<Site> = Symbol("site");
