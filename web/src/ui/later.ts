/** A function that runs `work` once it has not been called for so long; leaving the page makes it run at once. */
export function later(milliseconds: number, work: () => void): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = () => {
        clearTimeout(timer);
        timer = undefined;
        work();
    };
    globalThis.addEventListener?.("pagehide", () => timer !== undefined && run());
    return () => {
        clearTimeout(timer);
        timer = setTimeout(run, milliseconds);
    };
}
