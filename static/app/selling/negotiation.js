import { get, may } from "../api.js";
import { linkTo } from "../places.js";
import { ask, asked, operate } from "../records/ask.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { counted, number, within, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { statusBadge, tone } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** Shows the concessions to a client and their objections. */
export function negotiation({ id, stage }, { signal, follow }) {
    const path = `/v1/deals/${encodeURIComponent(id)}/negotiation`;
    const place = pending(() => get(path, signal), draw, { signal });
    follow(place.reload);
    const isOpen = stage !== "won" && stage !== "lost";
    return section(t("Negotiation"), {}, place, isOpen && may("deals:write") && h("div", { class: "actions" },
        h("button", { type: "button", class: "small", onclick: () => askOffer(path, place.reload) },
            t("Make a concession"))));
}

function draw({ offers, objections, rules }) {
    return [
        quiet(t("Without approval you may give up to {percent} % off and {months} free.", {
            percent: number(rules.max_discount_percent), months: counted(rules.max_free_months, "month"),
        })),
        offers.length + objections.length > 0 && h("ul", { class: "papers" },
            offers.map((one) => h("li", {}, drawOffer(one))), objections.map((one) => h("li", {}, drawObjection(one)))),
    ];
}

function drawOffer({ status, price, discount_percent, free_months, scope, reason, beyond, created_at, approval_id }) {
    const what = [
        price && t("{price} each month", { price: money(price) }),
        discount_percent && t("{percent} % off", { percent: number(discount_percent) }),
        free_months > 0 && t("{months} free", { months: counted(free_months, "month") }), scope,
    ].filter(Boolean).join(", ");
    return [
        h("p", { class: "badges" }, h("strong", { dir: "auto" }, what), statusBadge(status)),
        h("p", { class: "quiet" }, reason && `${reason} · `, ago(created_at),
            beyond.length > 0 && [" · ", t("beyond: {rules}", { rules: beyond.map(within).join(", ") })],
            approval_id && [" · ", linkTo({ type: "approval", id: approval_id }, t("See approval"))]),
    ];
}

function drawObjection({ kind, text, reply, outcome, created_at }) {
    return [
        h("p", { class: "badges" }, h("strong", {}, pair(t("Objection"), within(kind))),
            badge(words(outcome), outcome === "open" ? "warn" : tone(outcome))),
        text && h("p", { dir: "auto" }, `“${text}”`),
        h("p", { class: "quiet" }, reply && `${pair(t("Answer"), reply)} · `, ago(created_at)),
    ];
}

function askOffer(path, changed) {
    ask({
        title: t("Make a concession"), action: t("Make a concession"),
        text: t("What goes beyond the selling rules waits for approval."),
        fields: [
            asked.number("discount_percent", t("Discount in percent")), asked.money("price", t("Price each month")),
            asked.number("free_months", t("Free months")), asked.text("scope", t("What else they get")),
            asked.text("reason", t("Reason")),
        ],
        async run(values) {
            const given = Object.entries(values).filter(([, value]) => value !== null && value !== "");
            if (!given.some(([name]) => name !== "reason")) {
                throw { errors: [{ pointer: "/discount_percent", detail: t("Say what you concede.") }] };
            }
            const offer = await operate(path, { body: Object.fromEntries(given) });
            await changed();
            return offer;
        },
        said: ({ status }) => (status === "pending" ? t("Waits for approval") : t("Concession made")),
    });
}
