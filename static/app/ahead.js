import { whoIsMe } from "./api.js";
import { later } from "./later.js";
import { entries } from "./slices.js";
import { fetchAhead } from "./routes.js";
import { sayCutTexts } from "../ui/whole.js";

/*
 * Views are loaded before they are opened: when a link to one is pointed at, and, a while after the first view, those
 * of the sidebar, so that a change takes no time and goes on without a line. This module comes after the first view
 * itself, with what tells the texts that are cut.
 */

const calm = 4000;
const idle = (action) => (window.requestIdleCallback ?? setTimeout)(action);

export function loadAhead() {
    sayCutTexts();
    document.addEventListener("pointerover", ({ target, movementX, movementY }) => {
        // A page that is drawn under a pointer that rests is not pointed at.
        if (!movementX && !movementY) return;
        const href = target.closest?.("a")?.getAttribute("href");
        if (href?.startsWith("#/")) fetchAhead(href.slice(1).split("?")[0]);
    }, { passive: true });
    setTimeout(() => idle(async () => {
        if (navigator.connection?.saveData) return;
        // An operator has no agency, and so no records.
        if (!whoIsMe()?.user) return;
        await later(() => import("./records/meta.js")).then(({ declared }) => declared()).catch(() => {});
        await Promise.all([import("./frame/search.js"), import("./frame/review.js"), import("./frame/keylist.js")])
            .catch(() => {});
        for (const { path } of entries()) await fetchAhead(path);
        await fetchAhead("/settings");
    }), calm);
}
