// The engine's side of the protocol. One request at a time, in the order they come.

import createCovetMigrate, { type Workspace } from "@covet-wasm";
import { instantiateParts } from "@covet-wasm-parts";
import type { Answer, EngineError, Request, Rewrite } from "./protocol";

let workspace: Workspace | null = null;

let complete: (rest: WebAssembly.Module) => void = () => {};

/** The rest of the engine, when it is called before it has been brought: the call cannot wait for a promise. */
function restNow(address: string): WebAssembly.Module {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.responseType = "arraybuffer";
    try {
        request.send();
        if (request.status === 200) return new WebAssembly.Module(request.response as ArrayBuffer);
    } catch {
        // The same as a bad answer.
    }
    const error: EngineError = { code: "engine-incomplete", message: "a part of the engine could not be fetched", file: "", line: 0, hint: "" };
    throw error;
}

const instantiate = (module: WebAssembly.Module, rest: string) => (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => {
    void instantiateParts(module, imports, () => restNow(rest)).then((parts) => {
        complete = parts.complete;
        done(parts.instance, module);
    });
    return {};
};

const words = (list: string): string[] => list.split(/[\s,]+/).filter((word) => word !== "");

function applyRules(core: Workspace, path: string): Uint8Array | undefined {
    const applied = core.applyRules(path);
    if (typeof applied === "string") throw JSON.parse(applied).error as EngineError;
    return applied;
}

function analyze(core: Workspace, request: Extract<Request, { kind: "analyze" }>): Rewrite {
    const began = performance.now();
    if (request.reset) core.clear();
    for (const [path, bytes] of Object.entries(request.updates)) {
        if (bytes === null) core.removeFile(path);
        else core.setFile(path, bytes);
    }
    const { select, ignore, ...rest } = request.options;
    core.setOptions({ ...rest, select: words(select), ignore: words(ignore) });
    core.setRules(request.rules?.json ?? "", request.rules?.lines ?? {});
    const failed = core.migrate();
    if (failed) throw JSON.parse(failed).error as EngineError;
    return { changes: core.changes(), milliseconds: performance.now() - began };
}

async function answer(request: Request): Promise<unknown> {
    if (request.kind === "start") {
        const core = await createCovetMigrate({ instantiateWasm: instantiate(request.module, request.rest) });
        workspace = new core.Workspace();
        return core.version();
    }
    if (!workspace) throw new Error("the engine has not started");
    if (request.kind === "complete") return complete(request.module);
    switch (request.kind) {
        case "analyze":
            return analyze(workspace, request);
        case "report":
            return workspace.report(); // as text, which is cheaper to pass on than its objects
        case "sql":
            return workspace.sql(request.dialect, request.withRows);
        case "tree":
            return workspace.tree(request.path);
        case "apply-rules":
            return applyRules(workspace, request.path);
        case "patch":
            return workspace.patch();
        case "markdown":
            return workspace.markdown();
    }
}

const asError = (thrown: unknown): EngineError =>
    thrown && typeof thrown === "object" && "code" in thrown
        ? (thrown as EngineError)
        : { code: "engine-failed", message: String(thrown), file: "", line: 0, hint: "" };

self.onmessage = async ({ data }: MessageEvent<Request>) => {
    let reply: Answer;
    try {
        reply = { id: data.id, ok: true, value: await answer(data) };
    } catch (thrown) {
        reply = { id: data.id, ok: false, error: asError(thrown) };
    }
    self.postMessage(reply);
};
