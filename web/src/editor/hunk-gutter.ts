// A check box beside every change of the result; unchecked = rejected.

import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { EditorView, gutter, GutterMarker, keymap } from "@codemirror/view";
import type { Hunk } from "../changes/hunks";

export const setHunks = StateEffect.define<readonly Hunk[]>();

const hunkField = StateField.define<readonly Hunk[]>({
    create: () => [],
    update(hunks, transaction) {
        for (const effect of transaction.effects) if (effect.is(setHunks)) return effect.value;
        return hunks;
    },
});

class HunkMarker extends GutterMarker {
    constructor(private readonly hunk: Hunk) {
        super();
    }
    override eq(other: HunkMarker): boolean {
        return other.hunk.key === this.hunk.key && other.hunk.isRejected === this.hunk.isRejected;
    }
    override toDOM(): HTMLElement {
        const box = document.createElement("span");
        box.className = `pg-hunk${this.hunk.isRejected ? " is-rejected" : ""}`;
        box.dataset.key = this.hunk.key;
        box.title = this.hunk.isRejected ? "Rejected: click to apply this change" : "Applied: click to reject this change";
        return box;
    }
}

const lineOf = (hunk: Hunk, lines: number) => Math.max(1, Math.min(hunk.result.line, lines));

function hunkAtCursor(view: EditorView): Hunk | undefined {
    const line = view.state.doc.lineAt(view.state.selection.main.head).number;
    return view.state
        .field(hunkField)
        .find(({ result }) => line >= result.line && line < result.line + Math.max(1, result.count));
}

/** `refresh` brings the hunks of the text that is shown now, where they follow later than the text. */
export function hunkGutter(onToggle: (hunk: Hunk) => void, refresh: () => void): Extension {
    return [
        hunkField,
        gutter({
            class: "pg-hunk-gutter",
            lineMarker(view, line) {
                const number = view.state.doc.lineAt(line.from).number;
                const hunk = view.state.field(hunkField).find((one) => lineOf(one, view.state.doc.lines) === number);
                return hunk ? new HunkMarker(hunk) : null;
            },
            lineMarkerChange: (update) => update.transactions.some((one) => one.effects.some((effect) => effect.is(setHunks))),
            domEventHandlers: {
                mousedown(view, _line, event) {
                    const key = (event.target as HTMLElement).dataset?.key;
                    const hunk = view.state.field(hunkField).find((one) => one.key === key);
                    if (!hunk) return false;
                    onToggle(hunk);
                    return true;
                },
            },
        }),
        keymap.of([
            {
                key: "Alt-Enter",
                run(view) {
                    refresh();
                    const hunk = hunkAtCursor(view);
                    if (hunk) onToggle(hunk);
                    return hunk !== undefined;
                },
            },
        ]),
    ];
}
