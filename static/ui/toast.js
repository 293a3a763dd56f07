import { fill, h } from "./dom.js";

const place = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

// The page keeps what the keyboard comes to above them.
new ResizeObserver(() =>
    document.documentElement.style.setProperty("--toasts", `${place.offsetHeight}px`)).observe(place);

/** Says shortly what has been done, with a way on: {text, href} or {text, run}. */
export function toast(text, way) {
    if (!place.isConnected) document.body.append(place);
    const gone = () => note.remove();
    const on = way && h(way.href ? "a" : "button", {
        href: way.href, type: way.href ? null : "button",
        onclick() {
            gone();
            way.run?.();
        },
    }, way.text);
    const note = h("p", { class: "toast" }, h("span", { dir: "auto" }, text), on);
    place.append(note);
    while (place.children.length > 3) place.firstChild.remove();
    setTimeout(gone, way ? 10_000 : 6000);
}

/** Empties what has been said, as of somebody who has signed out. */
export const clearToasts = () => fill(place);
