import { StreamLanguage } from "@codemirror/language";

interface State {
    closing: string; // of an open multi-line string
}

/** Enough of TOML to read it by its colours. */
export const toml = StreamLanguage.define<State>({
    startState: () => ({ closing: "" }),
    token(stream, state) {
        if (state.closing) {
            if (stream.skipTo(state.closing)) {
                stream.match(state.closing);
                state.closing = "";
            } else stream.skipToEnd();
            return "string";
        }
        if (stream.eatSpace()) return null;
        if (stream.match(/^#.*/)) return "comment";
        if (stream.sol() && stream.match(/^\[\[?[^\]]*\]\]?/)) return "heading";
        const open = stream.match(/^("""|''')/) as RegExpMatchArray | null;
        if (open) {
            state.closing = open[1]!;
            return "string";
        }
        if (stream.match(/^"(\\.|[^"\\])*"?/) || stream.match(/^'[^']*'?/)) return "string";
        if (stream.match(/^(true|false)\b/)) return "bool";
        if (stream.match(/^[\w-]+(?=\s*[=.])/)) return "propertyName";
        if (stream.match(/^[-+]?\d[\w.:+-]*/)) return "number";
        stream.next();
        return null;
    },
    languageData: { commentTokens: { line: "#" } },
});
