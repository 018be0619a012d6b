// The page's side of the SQLite worker.

export type Cell = string | number | null | Uint8Array;

export interface Table {
    columns: string[];
    rows: Cell[][];
}

export type SqliteRequest = { id: number } & ({ kind: "open"; script: string } | { kind: "run"; sql: string });
export type SqliteAnswer = { id: number; ok: true; value: void | Table[] } | { id: number; ok: false; message: string };

const kTimeoutMilliseconds = 15_000;

export class SqliteClient {
    private worker: Worker | null = null;
    private nextId = 1;
    private pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    private script = "";

    /** Replaces the database by what the script makes. */
    async open(script: string): Promise<void> {
        this.script = script;
        await this.send({ kind: "open", script });
    }

    async run(sql: string): Promise<Table[]> {
        if (!this.worker) await this.open(this.script);
        return (await this.send({ kind: "run", sql })) as Table[];
    }

    stop(message = "stopped"): void {
        this.worker?.terminate();
        this.worker = null;
        for (const { reject } of this.pending.values()) reject(new Error(message));
        this.pending.clear();
    }

    private send(request: { kind: "open"; script: string } | { kind: "run"; sql: string }): Promise<unknown> {
        this.worker ??= this.launch();
        const id = this.nextId++;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(
                () => this.stop("The statement took longer than 15 seconds; the database was started anew."),
                kTimeoutMilliseconds,
            );
            const settle = <T>(then: (value: T) => void) => (value: T) => {
                clearTimeout(timer);
                then(value);
            };
            this.pending.set(id, { resolve: settle(resolve), reject: settle(reject) });
            this.worker!.postMessage({ ...request, id });
        });
    }

    private launch(): Worker {
        const worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), { type: "module" });
        worker.onmessage = ({ data }: MessageEvent<SqliteAnswer>) => {
            const request = this.pending.get(data.id);
            this.pending.delete(data.id);
            if (data.ok) request?.resolve(data.value);
            else request?.reject(new Error(data.message));
        };
        worker.onerror = (event) => this.stop(`SQLite could not be started: ${event.message ?? "unknown error"}`);
        return worker;
    }
}
