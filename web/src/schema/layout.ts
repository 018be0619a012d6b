// Places of tables and lines of the schema diagram: parents left of children, columns of cards.

import type { Table } from "../engine/report";

export const kCardWidth = 232;
export const kHeaderHeight = 34;
export const kRowHeight = 22;
const kGapX = 72;
const kGapY = 28;
const kMargin = 16;

export interface Card {
    table: Table;
    x: number;
    y: number;
    height: number;
}

export interface Line {
    from: string;
    to: string;
    path: string;
    label: string;
}

export interface Diagram {
    cards: Card[];
    lines: Line[];
    width: number;
    height: number;
}

/** Longest way to a table without references; tables in a circle stay where they were first met. */
function levels(tables: Table[]): Map<string, number> {
    const byName = new Map(tables.map((table) => [table.name, table]));
    const known = new Map<string, number>();
    const open = new Set<string>();
    const levelOf = (name: string): number => {
        const done = known.get(name);
        if (done !== undefined) return done;
        const table = byName.get(name);
        if (!table || open.has(name)) return -1;
        open.add(name);
        const parents = table.foreign_keys.map((key) => key.references.table).filter((parent) => parent !== name);
        const level = 1 + Math.max(-1, ...parents.map(levelOf));
        open.delete(name);
        known.set(name, level);
        return level;
    };
    for (const table of tables) levelOf(table.name);
    // What nothing is connected to goes to the end, where no line passes behind it.
    const referenced = new Set(tables.flatMap((table) => table.foreign_keys.map((key) => key.references.table)));
    const last = Math.max(0, ...known.values()) + 1;
    if (referenced.size > 0)
        for (const table of tables)
            if (table.foreign_keys.length === 0 && !referenced.has(table.name)) known.set(table.name, last);
    return known;
}

const heightOf = (table: Table) => kHeaderHeight + table.columns.length * kRowHeight + 8;

function place(tables: Table[], maxHeight: number): Card[] {
    const level = levels(tables);
    const deepest = Math.max(0, ...level.values());
    const cards: Card[] = [];
    let x = kMargin;
    for (let depth = 0; depth <= deepest; ++depth) {
        let y = kMargin;
        for (const table of tables.filter((one) => level.get(one.name) === depth)) {
            const height = heightOf(table);
            if (y > kMargin && y + height > maxHeight) {
                x += kCardWidth + kGapX / 2;
                y = kMargin;
            }
            cards.push({ table, x, y, height });
            y += height + kGapY;
        }
        x += kCardWidth + kGapX;
    }
    return cards;
}

const rowMiddle = (card: Card, column: string) => {
    const index = Math.max(0, card.table.columns.findIndex((one) => one.name === column));
    return card.y + kHeaderHeight + index * kRowHeight + kRowHeight / 2;
};

function connect(child: Card, parent: Card, column: string, target: string): string {
    const [y1, y2] = [rowMiddle(child, column), rowMiddle(parent, target)];
    if (child === parent) {
        const x = child.x + kCardWidth;
        return `M${x} ${y1} C${x + 36} ${y1} ${x + 36} ${y2} ${x} ${y2}`;
    }
    const fromLeft = child.x > parent.x;
    const x1 = fromLeft ? child.x : child.x + kCardWidth;
    const x2 = fromLeft ? parent.x + kCardWidth : parent.x;
    const bend = Math.max(24, Math.abs(x1 - x2) / 2) * (fromLeft ? -1 : 1);
    return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** The arrangement that can be shown largest in a box of these proportions. */
function arrange(tables: Table[], proportion: number): Card[] {
    let best: Card[] = [];
    let bestScale = 0;
    for (let height = 150; height <= 1800; height *= 1.25) {
        const cards = place(tables, height);
        const { right, bottom } = extent(cards);
        const scale = Math.min(proportion / right, 1 / bottom);
        if (scale > bestScale) [best, bestScale] = [cards, scale];
    }
    return best;
}

const extent = (cards: Card[]) => ({
    right: Math.max(kCardWidth, ...cards.map((card) => card.x + kCardWidth)) + kMargin + 24,
    bottom: Math.max(kHeaderHeight, ...cards.map((card) => card.y + card.height)) + kMargin,
});

/** `proportion` is width by height of the box that the diagram is shown in. */
export function layOut(tables: Table[], proportion = 2): Diagram {
    const cards = arrange(tables, proportion);
    const cardOf = new Map(cards.map((card) => [card.table.name, card]));
    const lines: Line[] = [];
    for (const child of cards)
        for (const key of child.table.foreign_keys) {
            const parent = cardOf.get(key.references.table);
            if (!parent) continue;
            lines.push({
                from: child.table.name,
                to: parent.table.name,
                path: connect(child, parent, key.columns[0]!, key.references.columns[0]!),
                label: `${child.table.name}.${key.columns.join(", ")} → ${parent.table.name}.${key.references.columns.join(", ")}`,
            });
        }
    const { right, bottom } = extent(cards);
    return { cards, lines, width: right, height: bottom };
}
