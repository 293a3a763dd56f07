import { h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { searching } from "../../ui/state.js";

const pause = 250;

/** A box to search a list in: {element, set(text)}. `onSearch` is told soon after somebody has typed. */
export function searchBox({ label, title, value, onSearch }) {
    let said = value, timer;
    const place = field(label, "q", { type: "search", value, autocomplete: "off" });
    const box = place.querySelector("input");
    const look = () => {
        clearTimeout(timer);
        if (box.value === said) return;
        said = box.value;
        onSearch(said);
    };
    const element = h("form", { ...searching(title),
        oninput() {
            clearTimeout(timer);
            timer = setTimeout(look, pause);
        },
        onsubmit(event) {
            event.preventDefault();
            look();
        },
    }, place);
    const set = (text) => (box.value = said = text);
    return { element, set };
}
