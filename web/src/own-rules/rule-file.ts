// A rule file as the engine takes it: JSON, and where each part of it stands in the TOML.

import { getStaticTOMLValue, ParseError, parseTOML, type AST } from "toml-eslint-parser";

export interface RuleFile {
    json: string;
    lines: Record<string, number>; // by JSON pointer
}

export interface RuleProblem {
    line: number; // 1-based; 0 = nowhere in particular
    message: string;
}

type Key = string | number;

const pointerTo = (path: readonly Key[]): string => path.map((key) => `/${key}`).join("");
const namesOf = (key: AST.TOMLKey): string[] => key.keys.map((one) => (one.type === "TOMLBare" ? one.name : one.value));

class Places {
    readonly lines: Record<string, number> = {};

    table(table: AST.TOMLTopLevelTable): void {
        for (const part of table.body) {
            if (part.type === "TOMLKeyValue") this.entry([], part);
            else {
                this.set(part.resolvedKey, part);
                for (const entry of part.body) this.entry(part.resolvedKey, entry);
            }
        }
    }

    private set(path: readonly Key[], node: { loc: AST.SourceLocation }): void {
        for (let length = 1; length <= path.length; ++length) this.lines[pointerTo(path.slice(0, length))] ??= node.loc.start.line;
    }

    private entry(path: readonly Key[], entry: AST.TOMLKeyValue): void {
        const here = [...path, ...namesOf(entry.key)];
        this.set(here, entry.key);
        this.value(here, entry.value);
    }

    private value(path: readonly Key[], node: AST.TOMLContentNode): void {
        if (node.type === "TOMLInlineTable") for (const entry of node.body) this.entry(path, entry);
        if (node.type === "TOMLArray")
            node.elements.forEach((element, index) => {
                this.set([...path, index], element);
                this.value([...path, index], element);
            });
    }
}

/** Throws a `RuleProblem` when the text is no TOML. */
export function readRules(toml: string): RuleFile {
    try {
        const program = parseTOML(toml, { tomlVersion: "1.0" });
        const places = new Places();
        places.table(program.body[0]);
        return { json: JSON.stringify(getStaticTOMLValue(program)), lines: places.lines };
    } catch (thrown) {
        if (!(thrown instanceof ParseError)) throw thrown;
        throw { line: thrown.lineNumber, message: `This is no TOML: ${thrown.message}` } satisfies RuleProblem;
    }
}
