import { describe, expect, it } from "vitest";
import type { Table } from "../src/engine/report";
import { layOut } from "../src/schema/layout";

const table = (name: string, parents: string[] = [], columns = 3): Table => ({
    name,
    columns: Array.from({ length: columns }, (_, index) => ({
        name: index ? `c${index}` : "id",
        type: "integer",
        nullable: false,
        unique: false,
        default: null,
        evidence: "",
    })),
    primary_key: ["id"],
    uniques: [],
    foreign_keys: parents.map((parent) => ({ columns: ["c1"], references: { table: parent, columns: ["id"] }, evidence: "" })),
    indexes: [],
});
const placeOf = (tables: Table[]) => new Map(layOut(tables).cards.map((card) => [card.table.name, card]));

describe("schema diagram", () => {
    it("has parents left of children, and strangers at the end", () => {
        const at = placeOf([table("alone"), table("orders", ["users"]), table("users"), table("lines", ["orders"])]);
        const order = ["users", "orders", "lines", "alone"].map((name) => at.get(name)!.x);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(at.get("alone")!.x).toBeGreaterThanOrEqual(at.get("lines")!.x);
    });

    it("draws circles and tables that point at themselves", () => {
        const diagram = layOut([table("a", ["b"]), table("b", ["a"]), table("c", ["c"])]);
        expect(diagram.cards).toHaveLength(3);
        expect(diagram.lines).toHaveLength(3);
    });

    it("lets no cards overlap", () => {
        const tables = Array.from({ length: 20 }, (_, index) => table(`t${index}`, index % 3 ? [`t${index - 1}`] : [], 1 + (index % 9)));
        for (const proportion of [0.5, 1, 3]) {
            const { cards } = layOut(tables, proportion);
            for (const one of cards)
                for (const other of cards)
                    if (one !== other)
                        expect(one.x !== other.x || one.y + one.height <= other.y || other.y + other.height <= one.y).toBe(true);
        }
    });
});
