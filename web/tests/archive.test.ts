import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { isProjectFile, readZip, withoutCommonFolder, writeZip } from "../src/project/archive";

describe("archives", () => {
    it("come back byte for byte", () => {
        const files = new Map<string, string | Uint8Array>([
            ["app.py", "\ufeffprint('ü')\r\n"],
            ["data/latin.py", new Uint8Array([35, 0xe9, 10])],
        ]);
        expect(readZip(writeZip(files))).toEqual({ files, tooLarge: [] });
    });

    it("are the same for the same files", () => {
        expect(writeZip([["a.py", "1"]])).toEqual(writeZip([["a.py", "1"]]));
    });

    it("lose the folder that everything lies in", () => {
        expect([...withoutCommonFolder(new Map([["shop/a.py", 1], ["shop/b/c.py", 2]])).keys()]).toEqual(["a.py", "b/c.py"]);
        expect([...withoutCommonFolder(new Map([["a.py", 1], ["b/c.py", 2]])).keys()]).toEqual(["a.py", "b/c.py"]);
    });

    it("keep the folder of a package", () => {
        const names = ["shop/__init__.py", "shop/app.py"];
        expect([...withoutCommonFolder(new Map(names.map((name) => [name, 0]))).keys()]).toEqual(names);
    });

    it("leave out what is no source", () => {
        expect(["a/.git/x", "venv/lib/a.py", "__pycache__/a.pyc", "logo.png", "folder/"].some(isProjectFile)).toBe(false);
        expect(["a.py", "environment/a.py", "requirements.txt", "data/items.json"].every(isProjectFile)).toBe(true);
    });

    it("tell which files were too large", () => {
        const large = new Uint8Array((2 << 20) + 1);
        const read = readZip(writeZip([["app.py", "1"], ["data/rows.json", large]]));
        expect([[...read.files.keys()], read.tooLarge]).toEqual([["app.py"], ["data/rows.json"]]);
        expect(() => readZip(writeZip([["rows.json", large]]))).toThrow("larger than 2 MB");
    });

    it("are not unpacked beyond what a page can hold", () => {
        const rows = new Uint8Array(2 << 20);
        const files = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`data/${number}.json`, rows]));
        expect(() => readZip(zipSync(files, { level: 0 }))).toThrow("larger than 50 MB");
    });

    it("do not write outside of the project", () => {
        expect(() => readZip(writeZip([["../evil.py", "1"]]))).toThrow("no source file");
    });
});
