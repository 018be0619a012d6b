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
        "../../../tests/fixtures/store/{exact_list,exact_dict,in_python,plain_variables}/input/**/*.{py,txt}",
        "../../../tests/fixtures/flask/{list_store,factory_blueprints,resources,hooks_errors,refused_extension}/input/**/*.{py,txt}",
        "../../../tests/fixtures/fastapi/{forms_logins,dependencies,moves_application,refused_lifespan_state}/input/**/*.{py,txt}",
        "../../../tests/fixtures/http_server/{server_function,split_modules,wsgi_function,refused_server_state,refused_start_state}/input/**/*.{py,txt}",
        "../../../tests/fixtures/legacy/{request_object,branches_with_code}/input/**/*.{py,txt}",
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

const fixture = (group: string, title: string, about: string, name: string): Example =>
    example(group, name, title, about, `tests/fixtures/${name}/input`);

export const examples: Example[] = [
    example("CovetPy 0.1", "shop", "A shop in seven modules", "Lists, dictionaries and helpers across files", "examples/legacy_shop"),
    fixture("CovetPy 0.1", "A shop in one file", "Flat routes and lists of records", "samples/flat_demo"),
    fixture("CovetPy 0.1", "A shop in a class", "Stores of a class: left to you, with the reason", "samples/class_demo"),
    fixture("CovetPy 0.1", "Request objects", "Handlers that take a request object", "legacy/request_object"),
    fixture("CovetPy 0.1", "A dispatcher of branches", "No routes, only comparisons of paths", "legacy/branches_with_code"),
    fixture("Flask", "Books in a list", "Routes, forms and error answers; uses become SQL", "flask/list_store"),
    fixture("Flask", "Factory and blueprints", "create_app in a package of five modules", "flask/factory_blueprints"),
    fixture("Flask", "Flask-RESTful resources", "Method classes; goes through whole tables", "flask/resources"),
    fixture("Flask", "Hooks and error handlers", "before_request, errorhandler and g", "flask/hooks_errors"),
    fixture("Flask", "An extension in the way", "Left as it was, with the reason", "flask/refused_extension"),
    fixture("FastAPI", "Forms and logins", "Keeps its routes, moves its stores; uses become SQL", "fastapi/forms_logins"),
    fixture("FastAPI", "Dependencies", "Depends() around a store; goes through whole tables", "fastapi/dependencies"),
    fixture("FastAPI", "Moves to CovetPy", "Routers of a package", "fastapi/moves_application"),
    fixture("FastAPI", "State made in lifespan", "Left as it was, with the reason", "fastapi/refused_lifespan_state"),
    fixture("Python's own servers", "http.server", "do_GET and do_POST compare paths", "http_server/server_function"),
    fixture("Python's own servers", "http.server in modules", "Handlers and data in files of their own", "http_server/split_modules"),
    fixture("Python's own servers", "A WSGI function", "environ and start_response", "http_server/wsgi_function"),
    fixture("Python's own servers", "State on the server", "Left as it was, with the reason", "http_server/refused_server_state"),
    fixture("What becomes of a store", "Exact: lists", "Filters, searches and updates as SQL", "store/exact_list"),
    fixture("What becomes of a store", "Exact: dictionaries", "Records by key", "store/exact_dict"),
    fixture("What becomes of a store", "Bridged: loops", "What SQL cannot say goes through whole tables", "store/in_python"),
    fixture("What becomes of a store", "Manual: single values", "Counters and settings; two uses are left to you", "store/plain_variables"),
    fixture("Left to you", "State that only the start sets", "Reported with the reason, left as it was", "http_server/refused_start_state"),
    fixture("Left to you", "Secrets in plain text", "Found and reported", "project/plain_text_secrets"),
];

export const firstExample = examples[1]!;
