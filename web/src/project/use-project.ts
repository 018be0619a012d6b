// The state of the playground: files in, analysis out, and what the reader decided.

import { computed, ref, shallowRef, watch } from "vue";
import { compare, type Comparison } from "../changes/hunks";
import type { EngineClient } from "../engine/client";
import { createEngine, type LoadProgress } from "../engine/load";
import type { Analysis, EngineError, EngineOptions, FileBytes, Rewrite } from "../engine/protocol";
import { useOwnRules } from "../own-rules/use-own-rules";
import type { ReadProject } from "./archive";
import { recall, remember } from "./storage";
import type { SharedState } from "./share";
import { shownText } from "./text";
import { kPause, later } from "../ui/later";

export interface OutputFile {
    path: string;
    kind: "create" | "modify" | "delete" | "same";
    before: string;
    /** What the engine made of it. */
    after: string;
    /** `after` without the rejected hunks. */
    readonly result: string;
    /** Made when it is asked for: it takes longer than a key may. */
    readonly comparison: Comparison;
}

export const defaultOptions: EngineOptions = {
    target: "covetpy",
    phase: 2,
    databaseUrl: "",
    vendorRuntime: false,
    unsafe: false,
    select: "",
    ignore: "",
};

export type EngineStatus = "loading" | "ready" | "busy" | "failed";

export function useProject() {
    const files = shallowRef<ReadonlyMap<string, FileBytes>>(new Map());
    const active = ref("");
    const options = ref<EngineOptions>({ ...defaultOptions });
    const rejected = ref<ReadonlySet<string>>(new Set());
    const rewrite = shallowRef<Rewrite | null>(null);
    /** With its report: behind the rewrite by a moment while somebody types, so that the rewrite comes first. */
    const analysis = shallowRef<Analysis | null>(null);
    const error = shallowRef<EngineError | null>(null);
    const status = ref<EngineStatus>("loading");
    const progress = ref<LoadProgress>({ loaded: 0, total: 0 });
    const notice = ref("");
    const rules = useOwnRules();

    const engine: EngineClient = createEngine(
        (value) => (progress.value = value),
        () => (notice.value = "The engine did not come back and was restarted."),
    );

    // It comes while the page is still being made; a failure shows when it is asked for something.
    engine.start().catch(() => {});

    async function complete(): Promise<void> {
        const known = rewrite.value;
        if (known === null) return;
        try {
            const report = await engine.report();
            if (rewrite.value !== known) return;
            if (analysis.value === null && status.value === "loading") performance.mark("covet-first-analysis");
            analysis.value = { ...known, report };
        } catch {
            // The engine was restarted; the next analysis asks again.
        }
    }
    let running = 0;
    /** Not while a key is being answered: the report would keep the engine from the next. */
    const completeLater = later(kPause, () => {
        if (running === 0) void complete();
    });

    async function analyze(): Promise<void> {
        if (status.value !== "loading") status.value = "busy";
        const ruleFile = rules.file.value;
        ++running;
        try {
            const result = await engine.analyze(files.value, options.value, ruleFile);
            if (!result) return;
            rules.accept(ruleFile);
            error.value = null;
            rewrite.value = result;
            if (analysis.value === null) await complete();
            if (rewrite.value === result) status.value = "ready";
        } catch (thrown) {
            const known = thrown as Partial<EngineError>;
            if (known.code === "rule-file") return rules.refuse(thrown as EngineError);
            error.value = {
                code: known.code ?? "engine-unavailable",
                message: known.message ?? String(thrown),
                file: known.file ?? "",
                line: known.line ?? 0,
                hint: known.hint ?? "",
            };
            status.value = known.code ? "ready" : "failed";
        } finally {
            if (--running === 0 && rewrite.value?.changes !== analysis.value?.changes) completeLater();
        }
    }

    const cache = new Map<string, { before: string; after: string; rejected: unknown; comparison: Comparison }>();
    function comparisonOf(path: string, before: string, after: string, without: ReadonlySet<string>): Comparison {
        const known = cache.get(path);
        if (known && known.before === before && known.after === after && known.rejected === without)
            return known.comparison;
        const comparison = compare(before, after, path, without);
        cache.set(path, { before, after, rejected: without, comparison });
        return comparison;
    }

    /** Every file of the project before and after, sorted by path. */
    const outputs = computed<OutputFile[]>(() => {
        const changes = new Map((rewrite.value?.changes ?? []).map((change) => [change.file, change]));
        const paths = new Set([...files.value.keys(), ...changes.keys()]);
        const without = rejected.value;
        return [...paths].sort().map((path) => {
            const content = files.value.get(path);
            const change = changes.get(path);
            const before = content === undefined ? "" : shownText(content);
            const after = change ? shownText(change.after) : before;
            return {
                path,
                kind: change?.kind ?? "same",
                before,
                after,
                get comparison() {
                    return comparisonOf(path, before, after, without);
                },
                get result() {
                    return without.size === 0 ? after : this.comparison.result;
                },
            };
        });
    });

    const current = computed(() => outputs.value.find((file) => file.path === active.value) ?? null);

    function setFile(path: string, content: FileBytes): void {
        if (files.value.get(path) === content) return;
        files.value = new Map(files.value).set(path, content);
    }

    function removeFile(path: string): void {
        const next = new Map(files.value);
        next.delete(path);
        files.value = next;
        if (active.value === path) active.value = next.keys().next().value ?? "";
    }

    function open(next: ReadonlyMap<string, FileBytes>, activePath = ""): void {
        files.value = next;
        rejected.value = new Set();
        rewrite.value = null;
        analysis.value = null;
        active.value = next.has(activePath) ? activePath : mainFileOf([...next.keys()]);
    }

    /** Opens what somebody has dropped or chosen; what it left out is said. */
    async function openRead(reading: Promise<ReadProject>): Promise<void> {
        try {
            const { files: read, tooLarge } = await reading;
            open(read);
            const [first, ...others] = tooLarge;
            notice.value = first ? `Left out, because larger than 2 MB: ${first}${others.length ? ` and ${others.length} more` : ""}.` : "";
        } catch (thrown) {
            notice.value = `That could not be opened: ${(thrown as Error).message}`;
        }
    }

    let opening = 0;
    /** Opens what is on its way, unless something else is opened or typed before it comes. */
    async function openWhenLoaded(name: string, loading: Promise<ReadonlyMap<string, FileBytes>>): Promise<void> {
        const turn = ++opening;
        const before = files.value;
        try {
            const next = await loading;
            if (turn !== opening) return;
            if (files.value === before) return open(next);
            notice.value = `“${name}” came after your edit, so it was not opened.`;
        } catch (thrown) {
            notice.value = `“${name}” could not be loaded: ${(thrown as Error).message}`;
        }
    }

    function openShared(state: SharedState): void {
        options.value = { ...defaultOptions, ...state.options };
        rules.text.value = state.rules ?? "";
        open(new Map(Object.entries(state.files)), state.active);
        rejected.value = new Set(state.rejected ?? []);
    }

    /** What a link can carry: files that are not text are left out. */
    function sharedState(): SharedState {
        const texts = [...files.value].filter((entry): entry is [string, string] => typeof entry[1] === "string");
        const changed = Object.entries(options.value).filter(
            ([key, value]) => value !== defaultOptions[key as keyof EngineOptions],
        );
        return {
            files: Object.fromEntries(texts),
            options: Object.fromEntries(changed),
            active: active.value,
            rejected: [...rejected.value],
            rules: rules.text.value,
        };
    }

    function setRejected(keys: Iterable<string>, isRejected: boolean): void {
        const next = new Set(rejected.value);
        for (const key of keys) {
            if (isRejected) next.add(key);
            else next.delete(key);
        }
        rejected.value = next;
    }

    /** The project as it would be after the migration, with what the reader rejected left as it was. */
    function migratedFiles(): [string, FileBytes][] {
        const changes = new Map((rewrite.value?.changes ?? []).map((change) => [change.file, change.after]));
        return outputs.value
            .filter((file) => file.kind !== "delete")
            .map((file) => {
                const untouched = !file.comparison.hunks.some((hunk) => hunk.isRejected);
                const bytes = changes.get(file.path) ?? files.value.get(file.path) ?? file.after;
                return [file.path, untouched ? bytes : file.comparison.result];
            });
    }

    watch([files, options, rules.file], () => void analyze(), { deep: true });
    // Packing the whole project takes longer than a key may.
    const rememberLater = later(500, () => remember(sharedState()));
    watch([files, options, rejected, active, rules.text], rememberLater, { deep: true });

    return {
        files,
        active,
        options,
        rejected,
        rewrite,
        analysis,
        error,
        status,
        progress,
        notice,
        rules,
        outputs,
        current,
        engine,
        analyze,
        setFile,
        removeFile,
        open,
        openRead,
        openWhenLoaded,
        openShared,
        sharedState,
        setRejected,
        migratedFiles,
        recall,
    };
}

export type Project = ReturnType<typeof useProject>;

const mainNames = ["app.py", "main.py", "server.py", "run.py", "wsgi.py", "asgi.py"];

/** The file that a reader wants to see first. */
export function mainFileOf(paths: string[]): string {
    for (const name of mainNames) {
        const found = paths.find((path) => path === name) ?? paths.find((path) => path.endsWith(`/${name}`));
        if (found) return found;
    }
    return paths.find((path) => path.endsWith(".py")) ?? paths[0] ?? "";
}
