// Share links: the whole project in the fragment of the address, which browsers never send.
//
// `#v1=` + base64url(deflate(JSON)), JSON = {f: {path: text}, o?: options, a?: active path,
// r?: [keys of rejected hunks], u?: own rules as TOML}. Later versions get another prefix; v1 is read for ever.

import type { EngineOptions } from "../engine/protocol";
import { pack, unpack } from "./encoding";

export interface SharedState {
    files: Record<string, string>;
    options?: Partial<EngineOptions>;
    active?: string;
    rejected?: string[];
    rules?: string;
}

/** Longer addresses do not survive chat programs and mail. */
export const kMaxLinkLength = 32_000;

export function encodeShare(state: SharedState): string {
    const payload: Record<string, unknown> = { f: state.files };
    if (state.options && Object.keys(state.options).length > 0) payload.o = state.options;
    if (state.active) payload.a = state.active;
    if (state.rejected?.length) payload.r = state.rejected;
    if (state.rules) payload.u = state.rules;
    return `v1=${pack(JSON.stringify(payload))}`;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** The state of a link's fragment; null if it holds none; throws if it is damaged. */
export function decodeShare(fragment: string): SharedState | null {
    const match = /^#?v(\d+)=(.*)$/s.exec(fragment);
    if (!match) return null;
    if (match[1] !== "1") throw new Error(`this link was made by a newer version (v${match[1]})`);
    let payload: { f?: unknown; o?: unknown; a?: unknown; r?: unknown; u?: unknown };
    try {
        payload = JSON.parse(unpack(match[2]!));
    } catch {
        throw new Error("this link is damaged or was cut off");
    }
    if (!payload || typeof payload.f !== "object" || payload.f === null) throw new Error("this link holds no files");
    const files: Record<string, string> = {};
    for (const [path, text] of Object.entries(payload.f)) if (isText(text)) files[path] = text;
    return {
        files,
        options: typeof payload.o === "object" && payload.o ? (payload.o as Partial<EngineOptions>) : undefined,
        active: isText(payload.a) ? payload.a : undefined,
        rejected: Array.isArray(payload.r) ? payload.r.filter(isText) : undefined,
        rules: isText(payload.u) ? payload.u : undefined,
    };
}
