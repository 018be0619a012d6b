// Fetching and compiling the engine once per page, with progress and a time limit.

import firstUrl from "@covet-wasm-first-url";
import restUrl from "@covet-wasm-rest-url";
import { EngineClient, type WorkerLike } from "./client";

export interface LoadProgress {
    loaded: number;
    total: number; // 0 = not known
}

const kTimeoutMilliseconds = 30_000;
/** After the first answer: what the page shows of it comes before the rest of the engine. */
const kRestMilliseconds = 1500;

/** Tells of a response on its way. */
async function watch(response: Response, onProgress: (progress: LoadProgress) => void): Promise<void> {
    const total = response.headers.get("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
    const reader = response.body!.getReader();
    let loaded = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read())
        onProgress({ loaded: (loaded += part.value.length), total });
}

async function compile(address: string, onProgress?: (progress: LoadProgress) => void): Promise<WebAssembly.Module> {
    const response = await fetch(address, { signal: AbortSignal.timeout(kTimeoutMilliseconds) });
    if (!response.ok) throw new Error(`the engine could not be fetched (${response.status})`);
    // A copy is watched: what the compiler makes of the response itself, browsers keep for the next visit.
    if (onProgress) void watch(response.clone(), onProgress).catch(() => {});
    // Not every server knows the type that the compiler takes as it comes.
    if (response.headers.get("content-type") === "application/wasm") return WebAssembly.compileStreaming(response);
    return WebAssembly.compile(await response.arrayBuffer());
}

export const loadModule = (onProgress: (progress: LoadProgress) => void): Promise<WebAssembly.Module> => compile(firstUrl, onProgress);

async function loadRest(): Promise<WebAssembly.Module> {
    await new Promise((resolve) => setTimeout(resolve, kRestMilliseconds));
    return compile(restUrl);
}

export function createEngine(onProgress: (progress: LoadProgress) => void, onRestart: () => void): EngineClient {
    let compiled: Promise<WebAssembly.Module> | null = null;
    let rest: Promise<WebAssembly.Module> | null = null;
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
        restAddress: new URL(restUrl, location.href).href,
        loadRest: () => {
            rest ??= loadRest().catch((error) => {
                rest = null;
                throw error;
            });
            return rest;
        },
        onRestart,
    });
}
