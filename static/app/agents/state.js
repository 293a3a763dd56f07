import { badge } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { tone } from "../../ui/status.js";
import { t } from "../../ui/words.js";

/** The ways in which an agent's wishes are dealt with. */
export const autonomies = () => ({
    observe: t("Observe only"), approve: t("Needs approval"), autopilot: t("Automatic"),
});

export const isAtWork = ({ state }) => state === "active" || state === "handover";

/** The health of an agent, in a word. */
export function health({ state, health: code }) {
    return [
        state !== "active" && badge(state === "standby" ? t("On standby") : state === "disabled" ? t("Off")
            : words(state), tone(state)),
        badge(code === "idle" ? t("No runs yet") : words(code), tone(code)),
    ];
}
