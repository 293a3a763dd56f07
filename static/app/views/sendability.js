import { get, may, tenant, withQuery } from "../api.js";
import { badge, h, pending, quiet, section } from "../dom.js";
import { instantIn, words } from "../format.js";

/** Whether somebody may be written to, and if not, why and from when: what is unasked for, and what is an answer. */
export function sendabilityCard(contactID, signal, channel = "email") {
    const path = `/v1/contacts/${encodeURIComponent(contactID)}/sendability`;
    const ask = (purpose) => get(withQuery(path, { channel, purpose }), signal);
    const load = () => Promise.all([ask("transactional"), ask("marketing")]);
    const answer = pending(load, ([own, unasked]) => [
        drawAnswer("An answer, or what is under way", own), drawAnswer("Marketing", unasked),
    ], { signal });
    const card = section(`May we write to them by ${words(channel).toLowerCase()}?`, {}, answer);
    card.reload = answer.reload;
    return card;
}

function drawAnswer(title, { sendable, reasons, from }) {
    return [
        h("p", { class: "badges" },
            h("strong", {}, title), badge(sendable ? "Yes" : from ? "Not now" : "No", sendable ? "good" : "warn")),
        reasons.length > 0 && drawReasons(reasons),
        from && quiet(`From ${instantIn(from, tenant().time_zone)}, as things stand.`),
    ];
}

/** Reasons why something does not leave, each with when it ends by itself. */
export function drawReasons(reasons) {
    return h("ul", { class: "reasons" }, reasons.map(({ detail, until }) => h(
        "li", {}, detail,
        h("span", { class: "evidence" },
            until ? `Until ${instantIn(until, tenant().time_zone)}` : "Until somebody acts"))));
}
