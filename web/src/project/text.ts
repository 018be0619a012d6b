import type { FileBytes } from "../engine/protocol";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text where the bytes are UTF-8; else the bytes, so that nothing is lost on the way back. */
export function textOrBytes(bytes: Uint8Array): FileBytes {
    try {
        return strict.decode(bytes);
    } catch {
        return bytes;
    }
}

/** For looking at only. */
export const shownText = (content: FileBytes): string => (typeof content === "string" ? content : lenient.decode(content));
