// Looks of the editors; all colours are the page's own variables, so light and dark need no second theme.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
    "&": { color: "var(--pg-text)", backgroundColor: "var(--pg-surface)", height: "100%", fontSize: "13px" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--pg-mono)", lineHeight: "20px", overflow: "auto" },
    ".cm-content": { caretColor: "var(--pg-accent)", padding: "8px 0" },
    ".cm-cursor": { borderLeftColor: "var(--pg-accent)" },
    ".cm-gutters": { backgroundColor: "var(--pg-surface)", color: "var(--pg-quiet)", border: "none" },
    ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 10px", minWidth: "30px" },
    ".cm-activeLine": { backgroundColor: "var(--pg-line)" },
    ".cm-activeLineGutter": { backgroundColor: "var(--pg-line)" },
    "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": {
        backgroundColor: "var(--pg-selection) !important",
    },
    ".cm-tooltip": {
        backgroundColor: "var(--pg-raised)",
        color: "var(--pg-text)",
        border: "1px solid var(--pg-border)",
        borderRadius: "6px",
        boxShadow: "0 4px 16px rgb(0 0 0 / .12)",
    },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--pg-accent)", color: "var(--pg-on-accent)" },
    ".cm-panels": { backgroundColor: "var(--pg-raised)", color: "var(--pg-text)", borderColor: "var(--pg-border)" },
    ".cm-searchMatch": { backgroundColor: "var(--pg-mark)" },
    ".cm-changedLine": { backgroundColor: "var(--pg-added-line) !important" },
    "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--pg-removed-line) !important" },
    ".cm-deletedChunk": { paddingLeft: "6px" },
    ".cm-changedText": { background: "var(--pg-added-text) !important", borderRadius: "2px" },
    "&.cm-merge-a .cm-changedText, .cm-deletedText": { background: "var(--pg-removed-text) !important", borderRadius: "2px" },
    ".cm-changeGutter": { width: "3px", paddingLeft: "0" },
    ".cm-changedLineGutter": { background: "var(--pg-added)" },
    "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--pg-removed)" },
    ".cm-collapsedLines": {
        background: "var(--pg-line)",
        color: "var(--pg-quiet)",
        padding: "2px 12px",
        fontFamily: "var(--pg-sans)",
        fontSize: "12px",
    },
    ".cm-finding": { textDecoration: "underline dotted var(--pg-quiet)", textUnderlineOffset: "4px" },
    ".cm-own-match": { backgroundColor: "var(--pg-mark)", borderRadius: "2px" },
    ".cm-finding-skipped": { textDecoration: "underline wavy var(--pg-warning)", textUnderlineOffset: "4px" },
});

const colours = HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--pg-code-keyword)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--pg-code-string)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--pg-code-number)" },
    { tag: [tags.comment, tags.docString], color: "var(--pg-quiet)", fontStyle: "italic" },
    { tag: [tags.function(tags.definition(tags.variableName)), tags.className], color: "var(--pg-code-name)" },
    { tag: [tags.meta, tags.annotation], color: "var(--pg-code-name)" },
    { tag: [tags.propertyName, tags.heading], color: "var(--pg-code-name)" },
    { tag: tags.typeName, color: "var(--pg-code-name)" },
]);

export const editorLook = [look, syntaxHighlighting(colours)];
