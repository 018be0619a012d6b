import { describe, expect, it } from "vitest";
import { comparable } from "../src/database/compare";
import { toCsv, toJson } from "../src/database/export";

describe("values of two databases", () => {
    it.each([
        ["boolean", 1, "true"],
        ["boolean", 0, "f"],
        ["float", 24.5, "24.50"],
        ["float", 1e21, "1e+21"],
        ["numeric(10,2)", "7.10", "7.1"],
        ["json", '{"b":1,"a":[1,2]}', '{"a": [1, 2], "b": 1}'],
        ["timestamp", "2024-05-01T10:00:00", "2024-05-01 10:00:00"],
        ["timestamptz", "2024-05-01T12:00:00+02:00", "2024-05-01 10:00:00+00"],
        ["time", "10:00:00.500", "10:00:00.5"],
        ["bytes", new Uint8Array([0xff, 0x00]), "\\xff00"],
        ["text", null, null],
    ])("of %s are equal: %s and %s", (type, sqlite, postgres) => {
        expect(comparable(sqlite, type)).toBe(comparable(postgres, type));
    });

    it.each([
        ["text", "", null],
        ["text", "1", "1.0"],
        ["boolean", 1, "f"],
        ["timestamp", "2024-05-01 10:00:00.1", "2024-05-01 10:00:00.2"],
        ["json", '{"a":1}', '{"a":"1"}'],
    ])("of %s differ: %s and %s", (type, sqlite, postgres) => {
        expect(comparable(sqlite, type)).not.toBe(comparable(postgres, type));
    });
});

describe("exports", () => {
    const table = { columns: ["name", "n"], rows: [['say "hi", you', 1], ["two\nlines", null]] as (string | number | null)[][] };
    it("quote what CSV needs quoted", () => {
        expect(toCsv(table)).toBe('name,n\r\n"say ""hi"", you",1\r\n"two\nlines",\r\n');
    });
    it("keep types in JSON", () => {
        expect(JSON.parse(toJson(table))).toEqual([{ name: 'say "hi", you', n: 1 }, { name: "two\nlines", n: null }]);
    });
});
