import { describe, expect, it } from "vitest";
import { decodeShare, encodeShare } from "../src/project/share";

describe("share links", () => {
    const state = {
        files: { "app.py": "print('ä €  𝄞')\n", "pkg/data.py": "x = 1\n" },
        options: { vendorRuntime: true },
        active: "pkg/data.py",
        rejected: ["abc"],
        rules: '[[rules]]\nid = "a"\n',
    };

    it("come back as they were", () => {
        expect(decodeShare(`#${encodeShare(state)}`)).toEqual(state);
    });

    it("use only characters that addresses keep", () => {
        expect(encodeShare(state)).toMatch(/^v1=[A-Za-z0-9_-]+$/);
    });

    it("of version 1 are read for ever", () => {
        const old = "#v1=q1ZKU7KqVkosKNArqFSyUiooyswr0YhRKikqTY1R0lSqrQUA";
        expect(decodeShare(old)).toEqual({
            files: { "app.py": "print(\"true\")" },
            options: undefined,
            active: undefined,
            rejected: undefined,
            rules: undefined,
        });
    });

    it("are told from other fragments", () => {
        expect(decodeShare("#options")).toBeNull();
        expect(decodeShare("")).toBeNull();
    });

    it("say what is wrong with them", () => {
        expect(() => decodeShare("#v1=AAAA")).toThrow("damaged");
        expect(() => decodeShare("#v1=")).toThrow("damaged");
        expect(() => decodeShare("#v9=AAAA")).toThrow("newer");
    });
});
