// TypeScript types of the report from its JSON Schema.
//
//   node report-types.mjs SCHEMA.json OUT.ts [--check]
//
// --check writes nothing and fails if OUT.ts is not what would be written.

import { readFileSync, writeFileSync } from "node:fs";

const [schemaPath, outPath, check] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaPath, "utf8"));

const names = {
    apps: "App",
    routes: "Route",
    stores: "Store",
    store_uses: "StoreUse",
    findings: "Finding",
    tables: "Table",
    columns: "Column",
    foreign_keys: "ForeignKey",
    indexes: "Index",
    dependencies: "Dependency",
    plan: "PlanStep",
    changes: "Change",
    migrated_apps: "App",
};
const interfaces = new Map();

function typeOf(node, key, depth, isItem = false) {
    if ("const" in node) return JSON.stringify(node.const);
    if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
    const kinds = [node.type ?? "unknown"].flat();
    return kinds.map((kind) => plainType(kind, node, key, depth, isItem)).join(" | ");
}

function plainType(kind, node, key, depth, isItem) {
    switch (kind) {
        case "integer":
        case "number":
            return "number";
        case "array": {
            const item = typeOf(node.items ?? {}, key, depth, true);
            return /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
        }
        case "object": {
            const name = isItem && names[key];
            if (!name) return block(node, depth);
            interfaces.set(name, `export interface ${name} ${block(node, 0)}`);
            return name;
        }
        default:
            return kind;
    }
}

function block(node, depth) {
    const pad = "    ".repeat(depth + 1);
    const required = new Set(node.required ?? []);
    const lines = Object.entries(node.properties ?? {}).map(
        ([key, value]) => `${pad}${key}${required.has(key) ? "" : "?"}: ${typeOf(value, key, depth + 1)};`,
    );
    return `{\n${lines.join("\n")}\n${"    ".repeat(depth)}}`;
}

const report = `export interface Report ${block(schema, 0)}`;
const text = [
    `// Generated from ${schema.$id} by scripts/report-types.mjs.`,
    ...interfaces.values(),
    report,
].join("\n\n").concat("\n");

if (check === "--check") {
    if (readFileSync(outPath, "utf8") !== text) {
        console.error(`${outPath} is not what the schema says; run scripts/report-types.mjs`);
        process.exit(1);
    }
} else {
    writeFileSync(outPath, text);
}
