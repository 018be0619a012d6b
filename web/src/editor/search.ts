// Searching in an editor comes with its first focus: the first view waits for it no longer than for the rest.

import { type Extension, StateEffect } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

const known = new WeakMap<EditorView, Promise<typeof import("@codemirror/search")>>();

function withSearch(view: EditorView): Promise<typeof import("@codemirror/search")> {
    let search = known.get(view);
    if (!search) {
        search = import("@codemirror/search").then((parts) => {
            const { highlightSelectionMatches, searchKeymap } = parts;
            view.dispatch({ effects: StateEffect.appendConfig.of([highlightSelectionMatches(), keymap.of([...searchKeymap])]) });
            return parts;
        });
        // Without a connection: the next focus tries again.
        search.catch(() => known.delete(view));
        known.set(view, search);
    }
    return search;
}

export const searchOnDemand: Extension = [
    EditorView.domEventHandlers({
        focus: (_, view) => {
            withSearch(view).catch(() => undefined);
        },
    }),
    keymap.of([
        {
            key: "Mod-f",
            run: (view) => {
                withSearch(view).then(({ openSearchPanel }) => openSearchPanel(view), () => undefined);
                return true;
            },
        },
    ]),
];
