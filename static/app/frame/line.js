import { isReached, send } from "../http.js";
import { later } from "../later.js";
import { failedChanges, flush, waitingChanges } from "../outgoing.js";
import { fill, h } from "../../ui/dom.js";
import { polite, urgent } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";

const place = document.getElementById("offline");
const pause = 3000;
const review = () => later(() => import("./review.js")).then((dialogs) => dialogs.review());

const ask = () => send("/favicon.svg", { method: "HEAD" });

/** Says while there is no line that there is none, what waits for it, and what could not be saved afterwards. */
export function watchLine() {
    let probe = null, shown = "";
    const draw = () => {
        const waiting = waitingChanges().length, failed = failedChanges().length;
        const isAway = !isReached();
        const now = JSON.stringify([isAway, navigator.onLine, waiting, failed]);
        if (now === shown) return;
        shown = now;
        fill(place, isAway && h("p", { class: "offline", ...polite }, away(waiting)),
            !isAway && waiting > 0 && h("p", { class: "offline", ...polite },
                plural(waiting, "Sending {count} change…", "Sending {count} changes…")),
            failed > 0 && h("p", { class: "offline bad", ...urgent },
                plural(failed, "{count} change could not be saved.", "{count} changes could not be saved."), " ",
                h("button", { type: "button", class: "small", onclick: review }, t("Review changes"))));
    };
    const look = () => {
        draw();
        clearInterval(probe);
        // A server that was away says nothing when it is back: it is asked.
        if (navigator.onLine && !isReached()) {
            probe = setInterval(() => ask().catch(() => {}), pause);
        }
        if (isReached()) flush();
    };
    window.addEventListener("online", () => ask().then(look, look));
    window.addEventListener("streamlost", () => setTimeout(() => ask().catch(() => {}), pause / 2));
    for (const event of ["offline", "line"]) window.addEventListener(event, look);
    window.addEventListener("outgoing", draw);
    window.addEventListener("sent", ({ detail }) =>
        toast(plural(detail, "{count} change sent", "{count} changes sent")));
    window.addEventListener("languagechosen", () => { shown = ""; draw(); });
    look();
}

function away(waiting) {
    const isOffline = !navigator.onLine;
    if (!waiting) {
        return isOffline ? t("You are offline. What you type is kept here.")
            : t("The server cannot be reached. What you type is kept here.");
    }
    return isOffline
        ? plural(waiting, "You are offline. {count} change will be sent when you are back.",
            "You are offline. {count} changes will be sent when you are back.")
        : plural(waiting, "The server cannot be reached. {count} change will be sent when it is back.",
            "The server cannot be reached. {count} changes will be sent when it is back.");
}
