// The height of the code above the results, by pointer and by keyboard.

import { ref } from "vue";

const clamp = (value: number) => Math.min(0.85, Math.max(0.15, value));

export function useSplit() {
    const share = ref(0.58);

    function start(event: PointerEvent): void {
        const bar = event.currentTarget as HTMLElement;
        const box = bar.parentElement!.getBoundingClientRect();
        bar.setPointerCapture(event.pointerId);
        const move = (at: PointerEvent) => (share.value = clamp((at.clientY - box.top) / box.height));
        const end = () => {
            bar.removeEventListener("pointermove", move);
            bar.removeEventListener("pointerup", end);
        };
        bar.addEventListener("pointermove", move);
        bar.addEventListener("pointerup", end);
    }

    function onKey(event: KeyboardEvent): void {
        const step = event.key === "ArrowUp" ? -0.05 : event.key === "ArrowDown" ? 0.05 : 0;
        if (!step) return;
        event.preventDefault();
        share.value = clamp(share.value + step);
    }

    return { share, start, onKey };
}
