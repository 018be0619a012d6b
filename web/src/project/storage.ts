// The last state of the playground, kept in this browser only.

import { decodeShare, encodeShare, type SharedState } from "./share";

const kKey = "covetpy-migrate/playground";

/** Storage may be full, blocked or absent; the playground works without it. */
export function remember(state: SharedState): void {
    try {
        localStorage.setItem(kKey, encodeShare(state));
    } catch {
        forget();
    }
}

export function recall(): SharedState | null {
    try {
        return decodeShare(localStorage.getItem(kKey) ?? "");
    } catch {
        return null;
    }
}

export function forget(): void {
    try {
        localStorage.removeItem(kKey);
    } catch {
        // There is none.
    }
}
