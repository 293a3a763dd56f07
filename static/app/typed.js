import { call } from "./api.js";

/** Between two signs that somebody types, in milliseconds; the server lets one hold for six seconds. */
const pause = 3000;

/** Tells the server while somebody types in a place: now and then, and nothing when it fails. */
export function tellsTyping(place, path) {
    let last = 0;
    place.addEventListener("input", ({ target }) => {
        const now = Date.now();
        if (target.tagName !== "TEXTAREA" || !target.value.trim() || now - last < pause) return;
        last = now;
        call(path, { method: "POST" }).catch(() => {});
    });
}
