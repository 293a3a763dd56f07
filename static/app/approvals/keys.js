import { going, keysAreOn } from "../frame/keys.js";

/** Keys of a list of approvals: j and k go from card to card; a, e, r and x do what the card's buttons do. */
export function cardKeys(list, signal) {
    const cards = () => [...list().querySelectorAll("article.approval")];
    const at = () => cards().find((card) => card.contains(document.activeElement));
    const isTyping = ({ target }) => target.closest?.("input:not([type=checkbox]), textarea, select, [role=menu]");

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn() || isTyping(event)) return;
        if (going || document.querySelector("dialog[open]")) return;
        const here = at();
        if (event.key === "j" || event.key === "k") step(here, event.key === "j" ? 1 : -1);
        else if (here && ["a", "e", "r", "x"].includes(event.key)) {
            here.querySelector(`[data-card-key="${event.key}"]`)?.click();
        } else return;
        event.preventDefault();
        event.stopImmediatePropagation();
    }, { capture: true, signal });

    function step(here, by) {
        const all = cards(), next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(here) + by))];
        next?.focus();
        next?.scrollIntoView({ block: "nearest" });
    }
}
