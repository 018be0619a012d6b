// The gallery: projects of the repository's examples and fixtures, each a chunk of its own.

import type { FileBytes } from "../engine/protocol";

export interface Example {
    id: string;
    title: string;
    about: string;
    group: string;
    load(): Promise<Map<string, FileBytes>>;
}

const sources = import.meta.glob<string>(
    [
        "../../../examples/legacy_shop/*.{py,txt}",
        "../../../tests/fixtures/samples/*/input/**/*.{py,txt}",
        "../../../tests/fixtures/store/{exact_list,exact_dict,in_python}/**/input/**/*.{py,txt}",
        "../../../tests/fixtures/legacy/{request_object,own_server_class,refused_hooks}/input/**/*.{py,txt}",
        "../../../tests/fixtures/project/plain_text_secrets/input/**/*.{py,txt,json}",
    ],
    { query: "?raw", import: "default" },
);

function below(folder: string): () => Promise<Map<string, FileBytes>> {
    const prefix = `../../../${folder}/`;
    return async () => {
        const paths = Object.keys(sources).filter((path) => path.startsWith(prefix));
        const texts = await Promise.all(paths.map((path) => sources[path]!()));
        return new Map(paths.map((path, index) => [path.slice(prefix.length), texts[index]!]));
    };
}

const example = (group: string, id: string, title: string, about: string, folder: string): Example => ({
    id,
    title,
    about,
    group,
    load: below(folder),
});

export const examples: Example[] = [
    example("Applications", "shop", "A shop in seven modules", "Lists, dictionaries and helpers across files", "examples/legacy_shop"),
    example("Applications", "one-file", "A shop in one file", "Flat routes and lists of records", "tests/fixtures/samples/flat_demo/input"),
    example("Applications", "class", "A shop in a class", "A server class with its own registry", "tests/fixtures/samples/class_demo/input"),
    example("Stores", "queries-list", "Lists become queries", "Filters, searches and updates as SQL", "tests/fixtures/store/exact_list/input"),
    example("Stores", "queries-dict", "Dictionaries become queries", "Records by key", "tests/fixtures/store/exact_dict/input"),
    example("Stores", "in-python", "Loops over whole tables", "What SQL cannot say goes through Python", "tests/fixtures/store/in_python/input"),
    example("Routing", "request", "Request objects", "Handlers that take a request object", "tests/fixtures/legacy/request_object/input"),
    example("Routing", "server", "A server class of your own", "ASGI by hand", "tests/fixtures/legacy/own_server_class/input"),
    example("Left to you", "refused", "Hooks that are not rewritten", "Reported with a reason, left as they were", "tests/fixtures/legacy/refused_hooks/input"),
    example("Left to you", "secrets", "Secrets in plain text", "Found and reported", "tests/fixtures/project/plain_text_secrets/input"),
];

export const firstExample = examples[1]!;
