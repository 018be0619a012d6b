/** So long after the last key everything but the rewrite waits: about as long as the next key takes to come. */
export const kPause = 150;

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
