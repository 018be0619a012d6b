// The core for browsers, workers and Node.

import createCovetMigrate from "./covet_migrate.mjs";

async function wasmOf(source) {
    if (source instanceof WebAssembly.Module) return source;
    if (source instanceof Uint8Array || source instanceof ArrayBuffer) return WebAssembly.compile(source);
    const url = new URL(source ?? "./covet_migrate.wasm", import.meta.url);
    if (url.protocol === "file:") {
        const { readFile } = await import("node:fs/promises");
        return WebAssembly.compile(await readFile(url));
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} could not be fetched (${response.status})`);
    return WebAssembly.compile(await response.arrayBuffer());
}

/** Error of an analysis, with the fields of the report's `error`. */
export class MigrationError extends Error {
    constructor({ code, message, file, line, hint }) {
        super(message);
        Object.assign(this, { name: "MigrationError", code, file, line, hint });
    }
}

export class Workspace {
    #core;
    constructor(core) {
        this.#core = core;
    }
    setFile(path, content) {
        this.#core.setFile(path, content);
    }
    removeFile(path) {
        this.#core.removeFile(path);
    }
    clear() {
        this.#core.clear();
    }
    setOptions(options) {
        this.#core.setOptions(options);
    }
    setRules(rules, lines = {}) {
        this.#core.setRules(typeof rules === "string" ? rules : JSON.stringify(rules), lines);
    }
    applyRules(path) {
        const applied = this.#core.applyRules(path);
        if (typeof applied === "string") throw new MigrationError(JSON.parse(applied).error);
        return applied;
    }
    analyzeText() {
        return this.#core.analyze();
    }
    analyze() {
        const report = JSON.parse(this.#core.analyze());
        if (report.error) throw new MigrationError(report.error);
        return report;
    }
    changes() {
        return this.#core.changes();
    }
    tree(path) {
        return this.#core.tree(path);
    }
    patch() {
        return this.#core.patch();
    }
    markdown() {
        return this.#core.markdown();
    }
    sql(dialect, { rows = false } = {}) {
        return this.#core.sql(dialect, rows);
    }
    dispose() {
        this.#core.delete();
    }
}

export async function load(source) {
    const module = await wasmOf(source);
    const core = await createCovetMigrate({
        instantiateWasm(imports, done) {
            WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
            return {};
        },
    });
    return { version: core.version(), createWorkspace: () => new Workspace(new core.Workspace()) };
}
