import { announce } from "./dom.js";

/**
 * Things that are carried from one day to another within `place`: by pointer, or picked up with Space, moved with the
 * arrows, put down with Enter or Space and given up with Escape. Days have `data-day`, things `data-thing` (its name
 * for `drop`) and the day that they are on in `data-on`; the element of a thing that takes the keyboard is in it.
 * `drop(thing, day)` does the rest, and `left()` is told of what was not put down on another day; `says` has what is
 * told: {taken(thing, day), over(day), left()}.
 */
export function carrying(place, { drop, left, says, columns = 7 }) {
    let carried = null, over = null;

    const cells = () => [...place.querySelectorAll("[data-day]")];
    const cellOf = (day) => place.querySelector(`[data-day="${day}"]`);
    const thingOf = (target) => target.closest?.("[data-thing]");
    const mark = (cell) => {
        over?.classList.remove("over");
        over = cell;
        over?.classList.add("over");
    };
    function begin(thing) {
        carried = { name: thing.dataset.thing, day: thing.dataset.on, thing };
        thing.classList.add("carried");
        place.setAttribute("data-carrying", "");
    }
    function end(isPut = false) {
        if (!carried) return;
        carried.thing.classList.remove("carried");
        carried = null;
        mark(null);
        place.removeAttribute("data-carrying");
        if (!isPut) left?.();
    }
    function put(day) {
        const { name, day: before } = carried, isElsewhere = Boolean(day) && day !== before;
        end(isElsewhere);
        if (isElsewhere) drop(name, day);
    }

    place.addEventListener("dragstart", (event) => {
        const thing = thingOf(event.target);
        if (!thing) return;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", thing.dataset.thing);
        begin(thing);
    });
    place.addEventListener("dragend", () => end());
    place.addEventListener("dragover", (event) => {
        const cell = carried && event.target.closest("[data-day]");
        if (!cell) return;
        event.preventDefault();
        if (cell !== over) mark(cell);
    });
    place.addEventListener("drop", (event) => {
        const cell = carried && event.target.closest("[data-day]");
        if (!cell) return;
        event.preventDefault();
        put(cell.dataset.day);
    });

    function step(by) {
        const all = cells(), at = all.indexOf(over ?? cellOf(carried.day));
        const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
        mark(next);
        next.scrollIntoView({ block: "nearest", inline: "nearest" });
        announce(says.over(next.dataset.day));
    }
    place.addEventListener("keydown", (event) => {
        const { key } = event;
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (!carried) {
            const thing = key === " " && thingOf(event.target);
            if (!thing || thing.getAttribute("draggable") !== "true") return;
            event.preventDefault();
            begin(thing);
            mark(cellOf(carried.day));
            return announce(says.taken(carried.name, carried.day));
        }
        const after = document.dir === "rtl" ? -1 : 1;
        const by = { ArrowLeft: -after, ArrowRight: after, ArrowUp: -columns, ArrowDown: columns }[key];
        if (by === undefined && !["Enter", " ", "Escape"].includes(key)) return;
        event.preventDefault();
        event.stopPropagation();
        if (by !== undefined) return step(by);
        if (key !== "Escape") return put(over?.dataset.day);
        end();
        announce(says.left());
    });
    // Moving the focus elsewhere gives it up.
    place.addEventListener("focusout", ({ relatedTarget }) => {
        if (carried && over && relatedTarget && !carried.thing.contains(relatedTarget)) end();
    });
    return { isCarrying: () => carried !== null };
}
