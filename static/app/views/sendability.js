import { get, tenant, withQuery } from "../api.js";
import { badge, h, pending, quiet, section } from "../dom.js";
import { instantIn, within } from "../format.js";

/** Whether a contact can be written to, with replies and with marketing; if not, why and until when. */
export function sendabilityCard(contactID, signal, channel = "email") {
    const path = `/v1/contacts/${encodeURIComponent(contactID)}/sendability`;
    const ask = (purpose) => get(withQuery(path, { channel, purpose }), signal);
    const load = () => Promise.all([ask("transactional"), ask("marketing")]);
    const answer = pending(load, ([own, unasked]) => [
        drawAnswer("Replies", own), drawAnswer("Marketing", unasked),
    ], { signal });
    const card = section(`Can we contact them by ${within(channel)}?`, {}, answer);
    card.reload = answer.reload;
    return card;
}

function drawAnswer(title, { sendable, reasons, from }) {
    return [
        h("p", { class: "badges" },
            h("strong", {}, title), badge(sendable ? "Yes" : from ? "Not now" : "No", sendable ? "good" : "warn")),
        reasons.length > 0 && drawReasons(reasons),
        from && quiet(`Possible from ${instantIn(from, tenant().time_zone)}.`),
    ];
}

/** Reasons why something is not sent, each with when it ends on its own. */
export function drawReasons(reasons) {
    return h("ul", { class: "reasons" }, reasons.map(({ detail, until }) => h(
        "li", {}, detail,
        h("span", { class: "evidence" },
            until ? `Until ${instantIn(until, tenant().time_zone)}` : "Needs action"))));
}
