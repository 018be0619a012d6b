// The page's side of the engine: starts the worker, keeps the newest analysis only, and restarts a
// worker that does not come back.

import type { RuleFile } from "../own-rules/rule-file";
import type { Answer, Dialect, EngineError, EngineOptions, FileBytes, FileUpdates, Request, Rewrite } from "./protocol";
import type { Report } from "./report";

/** What the client needs of a worker; tests hand in their own. */
export interface WorkerLike {
    postMessage(message: unknown): void;
    terminate(): void;
    onmessage: ((event: MessageEvent<Answer>) => void) | null;
    onerror: ((event: ErrorEvent) => void) | null;
}

export interface EngineClientOptions {
    createWorker(): WorkerLike;
    loadModule(): Promise<WebAssembly.Module>;
    /** The engine comes in two parts: the worker starts with the first, and gets the rest behind the first answer. */
    restAddress: string;
    loadRest(): Promise<WebAssembly.Module>;
    /** An analysis that takes longer is given up, and the worker is replaced. */
    watchdogMilliseconds?: number;
    onRestart?(): void;
}

export type Files = ReadonlyMap<string, FileBytes>;

export const kRestarted: EngineError = {
    code: "engine-restarted",
    message: "This input kept the engine busy for too long, so it was restarted.",
    file: "",
    line: 0,
    hint: "Change the code, or leave the file out.",
};

interface Pending {
    resolve(value: unknown): void;
    reject(error: EngineError): void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export class EngineClient {
    private worker: WorkerLike | null = null;
    private starting: Promise<void> | null = null;
    private pending = new Map<number, Pending>();
    private nextId = 1;
    /** What the worker holds, to send differences only. */
    private sent = new Map<string, FileBytes>();
    private running = false;
    private restAsked = false;
    private waiting: { files: Files; options: EngineOptions; rules: RuleFile | null; settle: Pending } | null = null;

    constructor(private readonly host: EngineClientOptions) {}

    start(): Promise<void> {
        this.starting ??= this.launch().catch((error) => {
            this.starting = null;
            throw error;
        });
        return this.starting;
    }

    /**
     * What the analysis makes of these files, or null if a newer request came before this one could start.
     * Only the newest waiting request runs.
     */
    analyze(files: Files, options: EngineOptions, rules: RuleFile | null = null): Promise<Rewrite | null> {
        return new Promise((resolve, reject) => {
            this.waiting?.settle.resolve(null);
            this.waiting = { files: new Map(files), options: { ...options }, rules, settle: { resolve: resolve as Pending["resolve"], reject } };
            void this.next();
        });
    }

    /** Of the analysis that has been answered last, unless another is on its way. */
    async report(): Promise<Report> {
        const report = JSON.parse((await this.send({ kind: "report" })) as string) as Report;
        void this.bringRest();
        return report;
    }

    async sql(dialect: Dialect, withRows: boolean): Promise<string> {
        return (await this.send({ kind: "sql", dialect, withRows })) as string;
    }

    async tree(path: string): Promise<string> {
        return (await this.send({ kind: "tree", path })) as string;
    }

    /** A file as the own rules alone leave it. */
    async applyRules(path: string): Promise<Uint8Array | undefined> {
        return (await this.send({ kind: "apply-rules", path })) as Uint8Array | undefined;
    }

    async patch(): Promise<string> {
        return (await this.send({ kind: "patch" })) as string;
    }

    async markdown(): Promise<string> {
        return (await this.send({ kind: "markdown" })) as string;
    }

    stop(): void {
        this.worker?.terminate();
        this.worker = null;
        this.starting = null;
        this.sent.clear();
        this.restAsked = false;
        const broken = [...this.pending.values()];
        this.pending.clear();
        for (const request of broken) request.reject(kRestarted);
    }

    private async bringRest(): Promise<void> {
        if (this.restAsked) return;
        this.restAsked = true;
        const worker = this.worker;
        try {
            const module = await this.host.loadRest();
            if (worker === this.worker) await this.send({ kind: "complete", module });
        } catch {
            // The worker fetches it itself when it needs it.
        }
    }

    private async next(): Promise<void> {
        if (this.running) return;
        this.running = true;
        while (this.waiting) {
            const { files, options, rules, settle } = this.waiting;
            this.waiting = null;
            try {
                await this.start();
                settle.resolve(await this.analyzeNow(files, options, rules));
            } catch (error) {
                settle.reject(error as EngineError);
            }
        }
        this.running = false;
    }

    private async analyzeNow(files: Files, options: EngineOptions, rules: RuleFile | null): Promise<Rewrite> {
        const reset = this.sent.size === 0;
        const updates: FileUpdates = {};
        for (const [path, bytes] of files) if (this.sent.get(path) !== bytes) updates[path] = bytes;
        for (const path of this.sent.keys()) if (!files.has(path)) updates[path] = null;
        this.sent = new Map(files);
        const watchdog = setTimeout(() => {
            this.stop();
            this.host.onRestart?.();
        }, this.host.watchdogMilliseconds ?? 10_000);
        try {
            return (await this.send({ kind: "analyze", reset, updates, options, rules })) as Rewrite;
        } finally {
            clearTimeout(watchdog);
        }
    }

    private async launch(): Promise<void> {
        const loading = this.host.loadModule();
        const worker = this.host.createWorker(); // its script comes at the same time
        const module = await loading.catch((error) => {
            worker.terminate();
            throw error;
        });
        worker.onmessage = ({ data }) => this.settle(data);
        worker.onerror = (event) => {
            event.preventDefault?.();
            this.stop();
        };
        this.worker = worker;
        await this.send({ kind: "start", module, rest: this.host.restAddress });
    }

    private send(request: DistributiveOmit<Request, "id">): Promise<unknown> {
        const worker = this.worker;
        if (!worker) return Promise.reject(kRestarted);
        const id = this.nextId++;
        return new Promise((resolve, reject) => {
            this.pending.set(id, { resolve, reject });
            worker.postMessage({ ...request, id });
        });
    }

    private settle(answer: Answer): void {
        const request = this.pending.get(answer.id);
        this.pending.delete(answer.id);
        if (!request) return;
        if (answer.ok) return request.resolve(answer.value);
        request.reject(answer.error);
        // It was stopped in the middle of its work.
        if (answer.error.code === "engine-incomplete") this.stop();
    }
}
