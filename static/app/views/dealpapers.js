import { call, download, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, doing, h, outside, pending, quiet, section } from "../dom.js";
import { ago, day, instantIn, money, number, tone, within, words } from "../format.js";
import { linkTo } from "../places.js";

/** What was written down in a deal: proposals, the contract, concessions, invoices and meetings. */
export function dealPapers(deal, signal) {
    const parts = [];
    const part = (title, permission, path, draw) => {
        if (!may(permission)) return null;
        const place = pending(() => get(path, signal), (found) => draw(found, () => place.reload()), { signal });
        parts.push(place);
        return section(title, {}, place);
    };
    const of = (path, query) => withQuery(path, { ...query, limit: 20 });
    const { id, client_id } = deal;
    return {
        parts,
        content: [
            part("Proposals", "proposals:read", of("/v1/proposals", { deal_id: id }), drawProposals),
            part("Contract", "contracts:read", of("/v1/contracts", { deal_id: id }), drawContracts),
            part("Negotiation", "deals:read", `/v1/deals/${encodeURIComponent(id)}/negotiation`, drawNegotiation),
            client_id && part("Invoices", "invoices:read", of("/v1/invoices", { client_id }), drawInvoices),
            part("Meetings", "meetings:read", of("/v1/meetings", { deal_id: id, sort: "-starts_at" }), drawMeetings),
        ],
    };
}

const list = (items) => h("ul", { class: "papers" }, items.map((item) => h("li", {}, item)));

/** A document's own page and its file. The file is asked for with the token, which a plain link could not carry. */
function ways(publicURL, pdf, name, more) {
    const place = h("div", { class: "notices" });
    return [
        h("div", { class: "actions" },
            doing("PDF", () => download(pdf, `${name}.pdf`),
                { place, class: "small", "aria-label": `PDF: ${name}` }),
            more,
            publicURL && h("a", { class: "button small", href: publicURL, rel: "noopener noreferrer" },
                "Client page", h("span", { class: "unseen" }, `: ${name}`))),
        place,
    ];
}

/** A button that sends a draft; its label says what is sent. */
function sender(label, path, reload) {
    const place = h("div", { class: "notices" });
    const send = doing(label, async () => {
        await call(path, { method: "POST" });
        announce("Sent by email");
        await reload();
    }, { place, class: "small primary" });
    return [send, place];
}

function drawProposals({ data }, reload) {
    if (!data.length) return quiet("No proposals yet.");
    return list(data.map((one) => {
        const { id, title, status, total } = one;
        const name = title ?? "Proposal";
        return [
            h("p", { class: "badges" }, h("strong", {}, name), badge(words(status), tone(status)), money(total)),
            h("p", { class: "quiet" }, becameOf(one)),
            ways(one.public_url, `/v1/proposals/${encodeURIComponent(id)}.pdf`, name,
                status === "draft" && may("proposals:write")
                    && sender("Send proposal", `/v1/proposals/${encodeURIComponent(id)}/send`, reload)),
        ];
    }));
}

/** The history of a document that was sent, the latest last. */
function becameOf(one) {
    const steps = [
        ["sent", one.sent_at], ["viewed", one.viewed_at], ["accepted", one.accepted_at, one.accepted_by],
        ["signed", one.signed_at, one.signed_by], ["declined", one.declined_at, one.decline_reason],
        ["expired", one.expired_at],
    ].filter(([, at]) => at);
    if (!steps.length) return ["Drafted ", ago(one.created_at)];
    return steps.map(([word, at, by], index) => [
        index > 0 ? ", " : "", index > 0 ? word : words(word), " ", ago(at), by && ` (${by})`]);
}

function drawContracts({ data }, reload) {
    if (!data.length) return quiet("No contracts yet.");
    return list(data.map((one) => {
        const { id, title, client_name, status, price, signed_hash } = one;
        const name = title ?? `Contract with ${client_name}`;
        return [
            h("p", { class: "badges" }, h("strong", {}, name), badge(words(status), tone(status)),
                price && `${money(price)} per month`),
            h("p", { class: "quiet" }, becameOf(one), one.starts_on && `; starts ${day(one.starts_on)}`),
            signed_hash && h("p", { class: "quiet" }, "Fingerprint ", h("code", {}, signed_hash.slice(0, 16), "…")),
            ways(one.public_url, `/v1/contracts/${encodeURIComponent(id)}.pdf`, name,
                status === "draft" && may("contracts:write")
                    && sender("Send contract", `/v1/contracts/${encodeURIComponent(id)}/send`, reload)),
        ];
    }));
}

function drawNegotiation({ offers, objections }) {
    if (!offers.length && !objections.length) return quiet("No offers or objections yet.");
    const offer = ({ status, price, discount_percent, free_months, scope, reason, beyond, ...made }) => [
        h("p", { class: "badges" }, h("strong", {}, "Offer"), badge(words(status), tone(status)),
            [money(price), discount_percent && `${discount_percent} % off`,
                free_months > 0 && `${number(free_months)} months free`, scope].filter(Boolean).join(", ")),
        h("p", { class: "quiet" }, reason, reason && " ", ago(made.created_at),
            beyond.length > 0 && ["; exceeds ", beyond.map(within).join(", ")],
            made.approval_id && ["; ", linkTo({ type: "approval", id: made.approval_id }, "view approval")]),
    ];
    const objection = ({ kind, text, reply, outcome, created_at }) => [
        h("p", { class: "badges" }, h("strong", {}, `Objection: ${within(kind)}`),
            badge(words(outcome), outcome === "open" ? "warn" : tone(outcome))),
        text && h("p", {}, `“${text}”`),
        h("p", { class: "quiet" }, reply && `Response: ${reply} `, ago(created_at)),
    ];
    return list([...offers.map(offer), ...objections.map(objection)]);
}

export function drawInvoices({ data }) {
    if (!data.length) return quiet("No invoices yet.");
    return list(data.map(({ id, number: own, status, total, due, due_on }) => [
        h("p", { class: "badges" }, h("strong", {}, own ?? "Draft"), badge(words(status), tone(status)), money(total)),
        h("p", { class: "quiet" },
            due.amount > 0 && status !== "draft" && `${money(due)} outstanding. `, due_on && `Due ${day(due_on)}.`),
        ways(null, `/v1/invoices/${encodeURIComponent(id)}.pdf`, own ?? "Draft"),
    ]));
}

function drawMeetings({ data }) {
    if (!data.length) return quiet("No meetings yet.");
    return list(data.map(({ title, starts_at, location, status, cancel_reason, notes }) => [
        h("p", { class: "badges" }, h("strong", {}, title), badge(words(status), tone(status))),
        h("p", { class: "quiet" }, instantIn(starts_at, tenant().time_zone), location && [", ", outside(location)],
            cancel_reason && `; ${cancel_reason}`),
        notes && h("p", { class: "said" }, notes),
    ]));
}
