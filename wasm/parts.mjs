// The engine in two parts: the first runs at once; the rest is fetched when something in it is called.

/**
 * Instantiates the first part. `rest()` gives the module of the other part, at once: it is asked when a function of that
 * part is called before complete() has brought it.
 */
export async function instantiateParts(first, imports, rest) {
    let instance = null;
    let whole = false;
    const complete = (module) => {
        if (whole) return;
        new WebAssembly.Instance(module, { primary: instance.exports });
        whole = true;
    };
    // Where a function of the rest is called through the table, this stands until it is there.
    const table = () => Object.values(instance.exports).find((one) => one instanceof WebAssembly.Table);
    const placeholder = new Proxy({}, {
        get: (_, place) => (...given) => {
            complete(rest());
            return table().get(Number(place))(...given);
        },
    });
    instance = await WebAssembly.instantiate(first, { ...imports, placeholder });
    return { instance, complete };
}
