import { fill, h } from "./dom.js";
import { number } from "./format.js";
import { t } from "./words.js";

/* Work that lasts: over a second it is shown over the page, over ten in the bell, where it does not stand in the way. */

const place = h("div", { class: "lasting", role: "status", "aria-live": "polite" });
const going = new Set();

export const underWay = () => going.size;

/** Shows that something is done, of so many steps where they are known: {step(), end()}. */
export function lasting(text, steps = 0) {
    let done = 0;
    const bar = h("progress", { max: steps || null, value: steps ? 0 : null, "aria-label": text });
    const count = h("span", { class: "quiet" });
    const line = h("div", { class: "lasting-line" }, h("span", {}, text), " ", count, bar);
    const draw = () => steps && fill(count, t("{done} of {all}", { done: number(done), all: number(steps) }));
    const tell = () => window.dispatchEvent(new CustomEvent("lasting", { detail: longLines() }));
    const late = setTimeout(() => {
        // An element behind a dialog is neither seen nor heard.
        const home = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
        if (place.parentNode !== home) home.append(place);
        place.append(line);
        going.add(line);
        draw();
    }, 1000);
    const long = setTimeout(() => {
        line.classList.add("away");
        tell();
    }, 10_000);
    return {
        step() {
            done += 1;
            bar.value = done;
            draw();
        },
        end() {
            clearTimeout(late);
            clearTimeout(long);
            line.remove();
            going.delete(line);
            tell();
        },
    };
}

/** The lines of what has lasted longer than it should stand in the way. */
const longLines = () => [...going].filter((line) => line.classList.contains("away"));
