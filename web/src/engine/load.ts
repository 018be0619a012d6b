// Fetching and compiling the engine once per page, with progress and a time limit.

import moduleUrl from "@covet-wasm-url";
import { EngineClient, type WorkerLike } from "./client";

export interface LoadProgress {
    loaded: number;
    total: number; // 0 = not known
}

const kTimeoutMilliseconds = 30_000;

/** The same response, told of on its way: the compiler takes the bytes as they come. */
function watched(response: Response, onProgress: (progress: LoadProgress) => void): Response {
    const total = response.headers.get("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
    let loaded = 0;
    const counted = response.body!.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
            transform(part, stream) {
                loaded += part.length;
                onProgress({ loaded, total });
                stream.enqueue(part);
            },
        }),
    );
    // Not every server knows the type.
    return new Response(counted, { headers: { "content-type": "application/wasm" } });
}

export async function loadModule(onProgress: (progress: LoadProgress) => void): Promise<WebAssembly.Module> {
    const response = await fetch(moduleUrl, { signal: AbortSignal.timeout(kTimeoutMilliseconds) });
    if (!response.ok) throw new Error(`the engine could not be fetched (${response.status})`);
    return WebAssembly.compileStreaming(watched(response, onProgress));
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
