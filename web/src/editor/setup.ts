// What all editors of the page have.

import { defaultKeymap, history, historyKeymap, indentWithTab, temporarilySetTabFocusMode } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, LanguageSupport } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
    drawSelection,
    EditorView,
    highlightActiveLine,
    highlightActiveLineGutter,
    keymap,
    lineNumbers,
} from "@codemirror/view";
import type { Language } from "../project/languages";
import { searchOnDemand } from "./search";
import { editorLook } from "./theme";

/** Without completions, which no view of Python offers; SQL comes with the console: the first view waits for neither. */
export const languageExtension = (language: Language): Extension =>
    language === "python" ? new LanguageSupport(pythonLanguage) : [];

export const shared = (label: string): Extension => [
    lineNumbers(),
    drawSelection(),
    bracketMatching(),
    searchOnDemand,
    editorLook,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
];

/** Tab indents; after Escape it moves on, so that the keyboard is never caught. */
export const writable = (): Extension => [
    history(),
    indentOnInput(),
    indentUnit.of("    "),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    keymap.of([
        { key: "Escape", run: temporarilySetTabFocusMode },
        ...defaultKeymap,
        ...historyKeymap,
        indentWithTab,
    ]),
];

export const readable = (): Extension => [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    keymap.of([...defaultKeymap]),
];

/** Replaces the text with as small a change as a common start and end allow, so that scroll and cursor stay. */
export function replaceText(view: EditorView, next: string): void {
    const now = view.state.doc.toString();
    if (now === next) return;
    let start = 0;
    const shorter = Math.min(now.length, next.length);
    while (start < shorter && now.charCodeAt(start) === next.charCodeAt(start)) ++start;
    let end = 0;
    while (end < shorter - start && now.charCodeAt(now.length - 1 - end) === next.charCodeAt(next.length - 1 - end)) ++end;
    view.dispatch({ changes: { from: start, to: now.length - end, insert: next.slice(start, next.length - end) } });
}

export function revealLine(view: EditorView, line: number, focus = false): void {
    const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
    view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
    if (focus) view.focus();
}
