// Fetching and compiling the engine once per page, with progress and a time limit.

import moduleUrl from "@covet-wasm-url";
import { EngineClient, type WorkerLike } from "./client";

export interface LoadProgress {
    loaded: number;
    total: number; // 0 = not known
}

const kTimeoutMilliseconds = 30_000;

async function bytesOf(response: Response, onProgress: (progress: LoadProgress) => void): Promise<Uint8Array<ArrayBuffer>> {
    const total = response.headers.get("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
    const reader = response.body!.getReader();
    const parts: Uint8Array[] = [];
    let loaded = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        loaded += value.length;
        onProgress({ loaded, total });
    }
    const bytes = new Uint8Array(loaded);
    let at = 0;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return bytes;
}

export async function loadModule(onProgress: (progress: LoadProgress) => void): Promise<WebAssembly.Module> {
    const response = await fetch(moduleUrl, { signal: AbortSignal.timeout(kTimeoutMilliseconds) });
    if (!response.ok) throw new Error(`the engine could not be fetched (${response.status})`);
    return WebAssembly.compile(await bytesOf(response, onProgress));
}

export function createEngine(onProgress: (progress: LoadProgress) => void, onRestart: () => void): EngineClient {
    let compiled: Promise<WebAssembly.Module> | null = null;
    return new EngineClient({
        createWorker: () =>
            new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) as unknown as WorkerLike,
        loadModule: () => {
            compiled ??= loadModule(onProgress).catch((error) => {
                compiled = null;
                throw error;
            });
            return compiled;
        },
        onRestart,
    });
}
