// base64url and deflate for share links.

import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";

export function toBase64Url(bytes: Uint8Array): string {
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
        binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64Url(text: string): Uint8Array {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

export const pack = (text: string): string => toBase64Url(deflateSync(strToU8(text), { level: 9 }));
export const unpack = (text: string): string => strFromU8(inflateSync(fromBase64Url(text)));
