// The user's own rules: their text, the last form of them that the engine took, and what is wrong with them.

import { ref, shallowRef, watch } from "vue";
import type { EngineError } from "../engine/protocol";
import type { RuleFile, RuleProblem } from "./rule-file";
import type { RuleCase } from "./fixtures";

export function useOwnRules() {
    const text = ref("");
    /** What the engine is to use; stays the last good one while the text has a problem. */
    const file = shallowRef<RuleFile | null>(null);
    const problem = shallowRef<RuleProblem | null>(null);
    const cases = shallowRef<readonly RuleCase[]>([]);
    let accepted: RuleFile | null = null;

    watch(text, async (now) => {
        if (!now.trim()) {
            file.value = null;
            problem.value = null;
            return;
        }
        // Most visitors write no rules; the reader comes when it is needed.
        const { readRules } = await import("./rule-file");
        if (now !== text.value) return;
        try {
            file.value = readRules(now);
            problem.value = null;
        } catch (thrown) {
            problem.value = thrown as RuleProblem;
        }
    });

    function accept(used: RuleFile | null): void {
        accepted = used;
    }

    /** The engine does not take the rules: back to those that it took. */
    function refuse(error: EngineError): void {
        problem.value = { line: error.line, message: error.message };
        file.value = accepted;
    }

    return { text, file, problem, cases, accept, refuse };
}

export type OwnRulesState = ReturnType<typeof useOwnRules>;
