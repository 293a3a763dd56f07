import { h } from "./dom.js";
import { number } from "./format.js";

let made = 0;

/**
 * Columns of cards, {name, title, of, note, foot, items: [{id, name, column, element}]}. A card is carried to another
 * column with a pointer: it is there at once, and `move(item, column)` does the rest. By keyboard its menu moves it, which puts
 * it there with `putCard`.
 */
export function board(label, columns, { move = null } = {}) {
    const carried = { item: null };
    return h("div", { class: "board scroll", tabindex: 0, role: "region", "aria-label": label },
        columns.map((column) => drawColumn(column, move, carried)));
}

function drawColumn({ name, title, of, note, foot, items }, move, carried) {
    const id = `column-${++made}`;
    const list = h("ol", { class: "plain", "aria-labelledby": `${id}-name`, "data-column": name },
        items.map((item) => drawItem(item, move, carried)));
    const element = h("section", { class: "column", "aria-labelledby": id },
        h("h2", { id }, h("span", { id: `${id}-name` }, title), h("span", { class: "unseen" }, ": "),
            h("span", { class: "of" }, number(of ?? items.length))),
        note, list, foot);
    if (move) takeDrops(element, list, name, move, carried);
    return element;
}

function drawItem(item, move, carried) {
    const card = h("li", {
        draggable: move && "true", "data-item": item.id,
        ondragstart(event) {
            carried.item = item;
            card.classList.add("carried");
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", item.name);
        },
        ondragend() {
            carried.item = null;
            card.classList.remove("carried");
        },
    }, item.element);
    return card;
}

function takeDrops(element, list, name, move, carried) {
    const mayTake = () => carried.item !== null && carried.item.column !== name;
    element.addEventListener("dragover", (event) => {
        if (!mayTake()) return;
        event.preventDefault();
        element.classList.add("over");
    });
    element.addEventListener("dragleave", (event) => {
        if (!element.contains(event.relatedTarget)) element.classList.remove("over");
    });
    element.addEventListener("drop", (event) => {
        element.classList.remove("over");
        if (!mayTake()) return;
        event.preventDefault();
        const { item } = carried;
        const card = element.closest(".board").querySelector(`[data-item="${CSS.escape(item.id)}"]`);
        if (card) list.append(card);
        move(item, name);
    });
}

/** Puts a card into a column before the server has answered: where the move did not hold, the board is read anew. */
export function putCard(id, column) {
    const card = document.querySelector(`main .board [data-item="${CSS.escape(id)}"]`);
    const list = card?.closest(".board").querySelector(`[data-column="${CSS.escape(column)}"]`);
    if (!list || card.parentElement === list) return;
    const held = card.contains(document.activeElement) ? document.activeElement : null;
    list.append(card);
    held?.focus({ preventScroll: true });
}

/** Gives the keyboard back to a card that has been moved, unless it has gone on meanwhile. */
export function focusCard(place, id) {
    if (![document.body, place].includes(document.activeElement)) return;
    place.querySelector(`[data-item="${CSS.escape(id)}"] button`)?.focus({ preventScroll: true });
}
