// Findings in the source: marked where they are, explained on hover.

import { StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, hoverTooltip } from "@codemirror/view";
import type { Finding } from "../engine/report";
import { isOwn } from "../own-rules/own";

export const setFindings = StateEffect.define<readonly Finding[]>();

interface Marked {
    findings: readonly Finding[];
    marks: DecorationSet;
}

/** Report columns count code points; positions of the editor count UTF-16 units. */
function offsetOf(doc: Text, position: { line: number; column: number }): number {
    const line = doc.line(Math.max(1, Math.min(position.line, doc.lines)));
    const units = [...line.text].slice(0, position.column - 1).join("").length;
    return line.from + Math.min(units, line.length);
}

function rangeOf(doc: Text, finding: Finding): { from: number; to: number } {
    const from = offsetOf(doc, finding.start);
    // A finding over many lines is marked in its first.
    return { from, to: Math.max(from, Math.min(offsetOf(doc, finding.end), doc.lineAt(from).to)) };
}

const classOf = (finding: Finding): string =>
    isOwn(finding.rule) ? "cm-own-match" : finding.outcome === "fixed" ? "cm-finding" : "cm-finding-skipped";

const field = StateField.define<Marked>({
    create: () => ({ findings: [], marks: Decoration.none }),
    update(value, transaction) {
        for (const effect of transaction.effects) {
            if (!effect.is(setFindings)) continue;
            const doc = transaction.state.doc;
            const ranges = effect.value
                .map((finding) => ({ ...rangeOf(doc, finding), finding }))
                .filter(({ from, to }) => to > from)
                .map(({ from, to, finding }) =>
                    Decoration.mark({ class: classOf(finding) }).range(from, to),
                );
            return { findings: effect.value, marks: Decoration.set(ranges, true) };
        }
        return transaction.docChanged ? { ...value, marks: value.marks.map(transaction.changes) } : value;
    },
    provide: (self) => EditorView.decorations.from(self, (value) => value.marks),
});

function describe(finding: Finding): HTMLElement {
    const item = document.createElement("div");
    item.className = "pg-hover-finding";
    const title = item.appendChild(document.createElement("strong"));
    title.textContent = `${finding.rule} · ${finding.outcome}`;
    item.appendChild(document.createElement("div")).textContent = finding.message;
    const more = finding.hint || finding.safety_reason;
    if (more) {
        const hint = item.appendChild(document.createElement("div"));
        hint.className = "pg-hover-hint";
        hint.textContent = more;
    }
    return item;
}

export const findingMarks: Extension = [
    field,
    hoverTooltip((view, position) => {
        const { findings } = view.state.field(field);
        const here = findings
            .map((finding) => ({ ...rangeOf(view.state.doc, finding), finding }))
            .filter(({ from, to }) => position >= from && position <= to);
        if (here.length === 0) return null;
        return {
            pos: here[0]!.from,
            above: true,
            create: () => {
                const dom = document.createElement("div");
                dom.className = "pg-hover";
                dom.append(...here.slice(0, 4).map(({ finding }) => describe(finding)));
                return { dom };
            },
        };
    }),
];
