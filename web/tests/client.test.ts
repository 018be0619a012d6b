import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineClient, type WorkerLike } from "../src/engine/client";
import type { Answer, EngineError, Request } from "../src/engine/protocol";

const options = { target: "covetpy", phase: 2, databaseUrl: "", vendorRuntime: false, unsafe: false, select: "", ignore: "" };
const files = (text: string) => new Map([["app.py", text]]);

/** A worker that answers when it is told to. */
class FakeWorker implements WorkerLike {
    static all: FakeWorker[] = [];
    onmessage: ((event: MessageEvent<Answer>) => void) | null = null;
    onerror = null;
    received: Request[] = [];
    terminated = false;
    constructor() {
        FakeWorker.all.push(this);
    }
    postMessage(message: Request) {
        this.received.push(message);
        if (message.kind === "start") this.answer(message.id, "1.0");
    }
    answer(id: number, value: unknown) {
        queueMicrotask(() => this.onmessage?.({ data: { id, ok: true, value } } as MessageEvent<Answer>));
    }
    refuseLast(error: EngineError) {
        const data: Answer = { id: this.received.at(-1)!.id, ok: false, error };
        queueMicrotask(() => this.onmessage?.({ data } as MessageEvent<Answer>));
    }
    answerLast(value: unknown) {
        this.answer(this.received.at(-1)!.id, value);
    }
    terminate() {
        this.terminated = true;
    }
}

function client(extra = {}) {
    return new EngineClient({
        createWorker: () => new FakeWorker(),
        loadModule: async () => ({}) as WebAssembly.Module,
        restAddress: "http://here/rest.wasm",
        loadRest: async () => ({}) as WebAssembly.Module,
        ...extra,
    });
}

beforeEach(() => {
    vi.useFakeTimers();
    FakeWorker.all = [];
});
afterEach(() => {
    vi.useRealTimers();
});
const rewrite = (file: string) => ({ changes: [{ file, kind: "create", after: new Uint8Array() }], milliseconds: 1 });
const settle = () => vi.advanceTimersByTimeAsync(1);

describe("engine client", () => {
    it("runs the newest request only", async () => {
        const engine = client();
        const first = engine.analyze(files("1"), options);
        await settle();
        const second = engine.analyze(files("2"), options);
        const third = engine.analyze(files("3"), options);
        expect(await second).toBeNull();
        const worker = FakeWorker.all[0]!;
        worker.answerLast(rewrite("one"));
        expect(await first).toEqual(rewrite("one"));
        await settle();
        expect(worker.received.at(-1)).toMatchObject({ updates: { "app.py": "3" }, reset: false });
        worker.answerLast(rewrite("three"));
        expect(await third).toEqual(rewrite("three"));
    });

    it("sends differences only", async () => {
        const engine = client();
        const first = engine.analyze(new Map([["a.py", "1"], ["b.py", "2"]]), options);
        await settle();
        const worker = FakeWorker.all[0]!;
        expect(worker.received.at(-1)).toMatchObject({ reset: true, updates: { "a.py": "1", "b.py": "2" } });
        worker.answerLast(rewrite("any"));
        await first;
        void engine.analyze(new Map([["a.py", "1"], ["c.py", "3"]]), options);
        await settle();
        expect(worker.received.at(-1)).toMatchObject({ updates: { "b.py": null, "c.py": "3" } });
    });

    it("replaces a worker that does not come back, and goes on", async () => {
        const onRestart = vi.fn();
        const engine = client({ watchdogMilliseconds: 1000, onRestart });
        const stuck = engine.analyze(files("loop"), options).catch((error) => error.code);
        await settle();
        await vi.advanceTimersByTimeAsync(1000);
        expect(await stuck).toBe("engine-restarted");
        expect(FakeWorker.all[0]!.terminated).toBe(true);
        expect(onRestart).toHaveBeenCalledOnce();
        const next = engine.analyze(files("fine"), options);
        await settle();
        expect(FakeWorker.all[1]!.received.at(-1)).toMatchObject({ reset: true, updates: { "app.py": "fine" } });
        FakeWorker.all[1]!.answerLast(rewrite("done"));
        expect(await next).toEqual(rewrite("done"));
    });

    it("gives an error of the engine on, and takes the next request", async () => {
        const engine = client();
        const broken = engine.analyze(files("1"), options).catch((error) => error.code);
        await settle();
        const worker = FakeWorker.all[0]!;
        worker.refuseLast({ code: "unknown-rule", message: "", file: "", line: 0, hint: "" });
        expect(await broken).toBe("unknown-rule");
        const next = engine.analyze(files("2"), options);
        await settle();
        worker.answerLast(rewrite("two"));
        expect(await next).toEqual(rewrite("two"));
    });

    it("reads the report when it is asked for", async () => {
        const engine = client();
        const first = engine.analyze(files("1"), options);
        await settle();
        const worker = FakeWorker.all[0]!;
        worker.answerLast(rewrite("one"));
        await first;
        expect(worker.received.map((request) => request.kind)).toEqual(["start", "analyze"]);
        const report = engine.report();
        worker.answerLast('{"format": "any"}');
        expect(await report).toEqual({ format: "any" });
    });

    it("brings the rest of the engine behind the first report, once", async () => {
        const loadRest = vi.fn(async () => ({}) as WebAssembly.Module);
        const engine = client({ loadRest });
        const first = engine.analyze(files("1"), options);
        await settle();
        const worker = FakeWorker.all[0]!;
        worker.answerLast(rewrite("one"));
        await first;
        expect(loadRest).not.toHaveBeenCalled();
        for (let asked = 0; asked < 2; ++asked) {
            const report = engine.report();
            worker.answerLast("{}");
            await report;
            await settle();
        }
        expect(worker.received.map((request) => request.kind)).toEqual(["start", "analyze", "report", "complete", "report"]);
        expect(loadRest).toHaveBeenCalledOnce();
    });

    it("starts anew after a part of the engine could not be fetched", async () => {
        const engine = client();
        const broken = engine.analyze(files("1"), options).catch((error) => error.code);
        await settle();
        FakeWorker.all[0]!.refuseLast({ code: "engine-incomplete", message: "", file: "", line: 0, hint: "" });
        expect(await broken).toBe("engine-incomplete");
        expect(FakeWorker.all[0]!.terminated).toBe(true);
        const next = engine.analyze(files("1"), options);
        await settle();
        expect(FakeWorker.all[1]!.received.at(-1)).toMatchObject({ reset: true, updates: { "app.py": "1" } });
        FakeWorker.all[1]!.answerLast(rewrite("one"));
        expect(await next).toEqual(rewrite("one"));
    });

    it("tries again after the module could not be fetched", async () => {
        let tries = 0;
        const engine = client({
            loadModule: async () => {
                if (++tries === 1) throw new Error("offline");
                return {} as WebAssembly.Module;
            },
        });
        await expect(engine.start()).rejects.toThrow("offline");
        await engine.start();
        expect(tries).toBe(2);
    });
});
