import { expect, test } from "vitest";
import { differingLines, differingText } from "../src/changes/line-diff";

/** `b`, made of `a` and the changes. */
function applied(a: string, b: string): string {
    let text = "";
    let at = 0;
    let end = 0;
    for (const { fromA, toA, fromB, toB } of differingText(a, b)) {
        expect(fromA).toBeGreaterThanOrEqual(at);
        expect(fromB - end).toBe(fromA - at); // what stays is as long on both sides
        text += a.slice(at, fromA) + b.slice(fromB, toB);
        at = toA;
        end = toB;
    }
    return text + a.slice(at);
}

test("the changes lead from one text to the other", () => {
    const lines = ["", "a", "b", "b", "c = 1", "c = 2"];
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const text = () => Array.from({ length: random(7) }, () => lines[random(lines.length)]).join("\n") + (random(2) ? "\n" : "");
    for (let round = 0; round < 3000; ++round) {
        const [a, b] = [text(), text()];
        expect(applied(a, b), JSON.stringify([a, b])).toBe(b);
    }
});

test("equal texts have no changes, and one line is one run", () => {
    expect(differingText("a\nb\n", "a\nb\n")).toEqual([]);
    expect(differingLines(["a", "b", "c"], ["a", "x", "c"])).toEqual([{ fromA: 1, toA: 2, fromB: 1, toB: 2 }]);
    expect(differingLines(["a", "c"], ["a", "b", "c"])).toEqual([{ fromA: 1, toA: 1, fromB: 1, toB: 2 }]);
});

test("inside of a line, only what differs is marked", () => {
    expect(differingText("x\nprice = 1\ny\n", "x\nprice = 2\ny\n")).toMatchObject([{ fromA: 10, toA: 11, fromB: 10, toB: 11 }]);
});
