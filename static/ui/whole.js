import { h } from "./dom.js";

const lengthMax = 1000;

/** Says a text that is cut in full: to whoever points at it, and under what the keyboard is at. */
export function sayCutTexts() {
    document.addEventListener("pointerover", ({ target }) => {
        for (let one = target; one && one !== document.body; one = one.parentElement) if (isCut(one)) say(one);
    });
    document.addEventListener("focusin", ({ target }) => show(target));
    for (const event of ["focusout", "keydown", "scroll"]) document.addEventListener(event, hide, true);
}

function isCut(one) {
    const isClipped = () => ["hidden", "clip"].includes(getComputedStyle(one).overflowX);
    return (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) && isClipped();
}

const textOf = (one) => one.textContent.trim();

function say(one) {
    const text = textOf(one);
    if (text && text.length <= lengthMax) one.title = text;
}

// Those who listen are read the whole text anyway.
const place = h("div", { class: "whole", "aria-hidden": "true" });

/** The keyboard's own title: what has the focus may be cut itself, within a cell that cuts it, or in parts. */
function show(target) {
    if (!target.matches?.("a, button, summary, [tabindex='0']") || !target.matches(":focus-visible")) return;
    const around = [target, target.parentElement, target.closest("td, th, li")].filter(Boolean);
    const cut = around.find(isCut) ?? [...target.querySelectorAll("*")].find(isCut);
    const text = cut && textOf(cut.contains(target) ? target : cut);
    if (!text || text.length > lengthMax) return;
    place.textContent = text;
    (target.closest("dialog") ?? document.body).append(place);
    const { left, bottom, top } = target.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = place;
    place.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    place.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : Math.max(8, top - height - 4)}px`;
}

const hide = () => place.remove();
