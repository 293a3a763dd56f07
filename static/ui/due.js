import { h } from "./dom.js";
import { lasting } from "./duration.js";
import { t } from "./words.js";

/* Times by which something is to be done: what is left of them, kept true while they are seen. */

/** "2 h left", "Missed by 5 min"; from `warnAt` on it is said with more weight. */
export function due(at, warnAt = null) {
    const element = h("span", { class: "badge due", "data-due": at, "data-warn": warnAt });
    tell(element);
    return element;
}

function tell(element) {
    const { due: at, warn } = element.dataset;
    const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
    const isNear = warn ? Date.parse(warn) <= Date.now() : seconds < 3600;
    element.textContent = seconds >= 0 ? t("{time} left", { time: lasting(seconds) })
        : t("Missed by {time}", { time: lasting(-seconds) });
    element.className = `badge due ${seconds < 0 ? "bad" : isNear ? "warn" : ""}`;
}

setInterval(() => document.querySelectorAll(".due[data-due]").forEach(tell), 15_000);
