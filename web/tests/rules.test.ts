import { describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { caseName, fixtureFiles } from "../src/own-rules/fixtures";
import { isOwn } from "../src/own-rules/own";
import { readRules, type RuleProblem } from "../src/own-rules/rule-file";
import { starterRules } from "../src/own-rules/starter";
import { useOwnRules } from "../src/own-rules/use-own-rules";

const toml = `# renames
[[rules]]
id = "acme-fetch"
arguments = { timeout = "deadline", verbose = false }

[[rules.tests]]
input = """
get()
"""

[[rules]]
id = "second"
imports = [
    "import a",
    "from a import b",
]
`;

describe("rule files", () => {
    it("become the JSON of the engine", () => {
        expect(JSON.parse(readRules(toml).json)).toEqual({
            rules: [
                { id: "acme-fetch", arguments: { timeout: "deadline", verbose: false }, tests: [{ input: "get()\n" }] },
                { id: "second", imports: ["import a", "from a import b"] },
            ],
        });
    });
    it("know the line of every part", () => {
        const { lines } = readRules(toml);
        expect(lines["/rules/0"]).toBe(2);
        expect(lines["/rules/0/arguments/verbose"]).toBe(4);
        expect(lines["/rules/0/tests/0/input"]).toBe(7);
        expect(lines["/rules/1"]).toBe(11);
        expect(lines["/rules/1/imports/1"]).toBe(15);
    });
    it("say where they are no TOML", () => {
        const problem = (() => {
            try {
                readRules('[[rules]]\nid = "open\n');
            } catch (thrown) {
                return thrown as RuleProblem;
            }
        })();
        expect(problem).toMatchObject({ line: 2, message: expect.stringContaining("no TOML") });
    });
    it("begin with one that is well formed", () => expect(JSON.parse(readRules(starterRules).json).rules).toHaveLength(1));
});

describe("own rules", () => {
    const settled = async () => {
        await nextTick();
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    it("keep the last ones that the engine took", async () => {
        const rules = useOwnRules();
        rules.text.value = '[[rules]]\nid = "a"\n';
        await settled();
        const good = rules.file.value;
        expect(good).not.toBeNull();
        rules.accept(good);
        rules.text.value = '[[rules]]\nid = "B"\n';
        await settled();
        rules.refuse({ code: "rule-file", message: "small letters", file: "", line: 2, hint: "" });
        expect(rules.file.value).toBe(good);
        expect(rules.problem.value).toEqual({ line: 2, message: "small letters" });
    });
    it("are told from the tool's own", () => expect(["COV202", "acme-fetch"].map(isOwn)).toEqual([false, true]));
});

describe("fixtures", () => {
    const one = { name: "app", input: "a\n", expected: "b\n" };
    it("have names for folders, each its own", () => {
        expect(caseName("shop/Main App.py", [])).toBe("shop-main-app");
        expect(caseName("app.py", [one])).toBe("app-2");
        expect(caseName("…", [])).toBe("case");
    });
    it("lie where the program looks for them", () =>
        expect([...fixtureFiles("x", [one]).keys()]).toEqual([
            "migration-rules/playground.toml",
            "migration-rules/playground/app/input.py",
            "migration-rules/playground/app/expected.py",
        ]));
});
