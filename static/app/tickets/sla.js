import { tenant } from "../api.js";
import { badge, h, quiet } from "../../ui/dom.js";
import { due } from "../../ui/due.js";
import { lasting } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const isOver = ({ status }) => status === "resolved" || status === "closed";

/** The clocks of a ticket: [{text, at, warnAt, doneAt}], those without a target left out. */
const clocks = ({ sla, first_response_at, resolved_at, closed_at, ...ticket }) => [
    { text: t("First response"), at: sla?.first_response_due_at, warnAt: sla?.first_response_warn_at,
        doneAt: first_response_at, isEnded: isOver(ticket) },
    { text: t("Resolution"), at: sla?.resolution_due_at, warnAt: sla?.resolution_warn_at,
        doneAt: isOver(ticket) ? resolved_at ?? closed_at : null },
].filter(({ at }) => at);

/** Whether a target is met, missed, or how long there is. */
function stateOf({ at, warnAt, doneAt, isEnded }, pausedAt) {
    if (doneAt) {
        const late = (Date.parse(doneAt) - Date.parse(at)) / 1000;
        return late <= 0 ? badge(t("Met"), "good") : badge(t("Missed by {time}", { time: lasting(late) }), "bad");
    }
    if (isEnded) return badge(t("Ended"));
    if (!pausedAt) return due(at, warnAt);
    const left = (Date.parse(at) - Date.parse(pausedAt)) / 1000;
    return badge(left >= 0 ? t("Paused, {time} left", { time: lasting(left) }) : t("Missed, paused"), left < 0 ? "bad"
        : "");
}

/** The target that is due next, as a card shows it. */
export function slaBadge(ticket) {
    const open = clocks(ticket).filter(({ doneAt, isEnded }) => !doneAt && !isEnded)
        .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))[0];
    return open ? stateOf(open, ticket.sla.paused_at) : null;
}

/** Both targets, each with when it is due. */
export function slaFacts(ticket) {
    const known = clocks(ticket);
    if (!known.length) return quiet(t("No SLA target applies."));
    return facts(known.map((clock) => [clock.text, [
        stateOf(clock, ticket.sla.paused_at),
        h("span", { class: "evidence" }, instantIn(clock.at, tenant().time_zone)),
    ]]));
}
