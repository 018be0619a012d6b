// Generated from covetpy-migrate/report/1 by scripts/report-types.mjs.

export interface App {
    file: string;
    module: string;
    attribute: string;
    framework: string;
    is_factory: boolean;
}

export interface Route {
    file: string;
    line: number;
    method: string;
    path: string;
    handler: string;
    framework: string;
    is_async: boolean;
}

export interface Store {
    name: string;
    file: string;
    line: number;
    shape: string;
    table: string | null;
    rows: number | null;
    evidence: string[];
}

export interface StoreUse {
    store: string;
    file: string;
    line: number;
    function: string;
    op: string;
    outcome: "exact" | "bridged" | "manual";
    reason: string;
}

export interface Finding {
    id: string;
    rule: string;
    file: string;
    start: {
        line: number;
        column: number;
    };
    end: {
        line: number;
        column: number;
    };
    message: string;
    outcome: "fixed" | "offered" | "skipped" | "suppressed" | "baselined";
    safety: "safe" | "unsafe" | "manual";
    safety_reason: string;
    fix: string;
    hint: string;
    group: string;
    justification: string;
}

export interface Column {
    name: string;
    type: string;
    nullable: boolean;
    unique: boolean;
    default: unknown;
    evidence: string;
}

export interface ForeignKey {
    columns: string[];
    references: {
        table: string;
        columns: string[];
    };
    evidence: string;
}

export interface Index {
    columns: string[];
    unique: boolean;
}

export interface Table {
    name: string;
    columns: Column[];
    primary_key: string[];
    uniques: string[][];
    foreign_keys: ForeignKey[];
    indexes: Index[];
}

export interface Dependency {
    name: string;
    requirement: string;
    file: string;
    action: "keep" | "add" | "replace" | "remove";
    reason: string;
}

export interface PlanStep {
    id: string;
    title: string;
    reversible: boolean;
    rows: number;
}

export interface Change {
    file: string;
    kind: "create" | "modify" | "delete";
}

export interface Report {
    report: "covetpy-migrate/report/1";
    summary: {
        files: number;
        parsed: number;
        skipped: number;
        routes: number;
        stores: number;
        store_uses: {
            total: number;
            exact: number;
            bridged: number;
            manual: number;
        };
        findings: {
            total: number;
            fixed: number;
            offered: number;
            skipped: number;
            suppressed: number;
            baselined: number;
        };
        complexity: {
            level: "low" | "medium" | "high";
            score: number;
            reasons: string[];
        };
    };
    apps: App[];
    routes: Route[];
    stores: Store[];
    store_uses: StoreUse[];
    findings: Finding[];
    schema: {
        tables: Table[];
    };
    dependencies: Dependency[];
    plan: PlanStep[];
    changes?: Change[];
    migrated_apps?: App[];
    already_migrated?: boolean;
}
