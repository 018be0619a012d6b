import { describe, expect, it } from "vitest";
import { compare } from "../src/changes/hunks";

const none = new Set<string>();
const keysOf = (before: string, after: string) => compare(before, after, "app.py", none).hunks.map((hunk) => hunk.key);

describe("hunks", () => {
    it("has none for equal texts", () => {
        expect(compare("a\nb", "a\nb", "app.py", none)).toEqual({ hunks: [], result: "a\nb" });
    });

    it("rejects one of two and keeps the other", () => {
        const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
        const after = "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n";
        const [first] = keysOf(before, after);
        const { result, hunks } = compare(before, after, "app.py", new Set([first!]));
        expect(result).toBe("one\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n");
        expect(hunks.map((hunk) => hunk.isRejected)).toEqual([true, false]);
    });

    it("keeps its keys when lines above move it", () => {
        const [key] = keysOf("a\nb\nc\n", "a\nX\nc\n");
        expect(keysOf("new\nand more\na\nb\nc\n", "new\nand more\na\nX\nc\n")).toEqual([key]);
    });

    it("tells equal hunks apart", () => {
        const filler = "1\n2\n3\n4\n5\n6\n";
        const keys = keysOf(`a\n${filler}a\n`, `b\n${filler}b\n`);
        expect(new Set(keys).size).toBe(2);
    });

    it("says where a hunk is in the result", () => {
        const { hunks } = compare("a\nb\nc", "a\nx\ny\nc", "app.py", none);
        expect(hunks[0]).toMatchObject({ old: { line: 2, count: 1 }, result: { line: 2, count: 2 } });
    });

    it("gives the old text back when all are rejected, and the new one when none is", () => {
        let state = 1;
        const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
        const text = () => Array.from({ length: random(9) }, () => "abc"[random(3)]!.repeat(random(4))).join("\n");
        for (let round = 0; round < 2000; ++round) {
            const before = text();
            const after = text();
            const all = new Set(keysOf(before, after));
            expect(compare(before, after, "app.py", none).result).toBe(after);
            expect(compare(before, after, "app.py", all).result).toBe(before);
        }
    });
});
