import { may } from "../../app/api.js";
import { announce, facts, h, section, table } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { ago, day, number } from "../../app/format.js";
import { fileName, listPage, price, recordPage, said, saving, send, state } from "../parts.js";

/* What was offered and agreed on: accepted or signed with a name and with consent, or declined. */

const list = (title, path, place, none, when) => ({ signal }) => listPage(title, path, {
    signal, none,
    item: (one) => [
        h("div", { class: "row" }, h("h2", {}, h("a", { href: `#${place}/${one.id}` }, one.title ?? title)),
            price(one.total ?? one.price)),
        h("p", { class: "badges" }, state(one.status), h("span", { class: "quiet" }, when(one))),
    ],
});

export const proposals = list("Proposals", "/v1/portal/proposals", "/proposals", "There is no proposal yet.",
    ({ valid_until, sent_at }) => (valid_until ? ["Valid until ", ago(valid_until)] : ["Sent ", ago(sent_at)]));

export const contracts = list("Contracts", "/v1/portal/contracts", "/contracts", "There is no contract yet.",
    ({ signed_at, sent_at }) => (signed_at ? ["Signed ", ago(signed_at)] : ["Sent ", ago(sent_at)]));

export function proposal({ id, signal }) {
    const path = `/v1/portal/proposals/${encodeURIComponent(id)}`;
    return recordPage("Proposal", path, ["/proposals", "Proposals"], {
        signal, name: ({ title }) => title ?? "Proposal",
        draw: (one, reload) => [
            section("What we offer", {}, said(one.introduction), facts([
                ["Status", state(one.status)], ["Total", price(one.total)],
                ["Valid until", one.valid_until && ago(one.valid_until)],
                ["Accepted by", one.accepted_by], ["Declined because", one.decline_reason],
            ]), services(one.services), items(one.items)),
            saving("Download as PDF", `${path}.pdf`, fileName(one.title, "pdf")),
            ["sent", "viewed"].includes(one.status) && decide(path, reload, {
                verb: "accept", action: "Accept the proposal", done: "The proposal is accepted.",
                consent: "I accept this proposal, for my company, and may do so.",
            }),
        ],
    });
}

export function contract({ id, signal }) {
    const path = `/v1/portal/contracts/${encodeURIComponent(id)}`;
    return recordPage("Contract", path, ["/contracts", "Contracts"], {
        signal, name: ({ title }) => title ?? "Contract",
        draw: (one, reload) => [
            section("What we agree on", {}, facts([
                ["Status", state(one.status)], ["Price a month", price(one.price)], ["Once", price(one.one_off)],
                ["Begins", day(one.starts_on)], ["Notice", one.notice_days && `${number(one.notice_days)} days`],
                ["Signed by", one.signed_by], ["Declined because", one.decline_reason],
            ]), services(one.services), items(one.items)),
            saving("Download as PDF", `${path}.pdf`, fileName(one.title, "pdf")),
            one.status === "sent" && decide(path, reload, {
                verb: "sign", action: "Sign the contract", done: "The contract is signed.",
                consent: "I have read this contract, sign it for my company, and may do so.",
            }),
        ],
    });
}

const services = (list) => list?.length > 0 && [h("h3", {}, "What we will do"), h("ul", {}, list.map(
    ({ title, description }) => h("li", {}, h("strong", {}, title), description && `: ${description}`)))];

const items = (list) => list?.length > 0 && table(
    "What it costs", ["Item", "Quantity", { text: "Each", class: "figure" }],
    list.map(({ description, quantity, unit_price }) => h("tr", {},
        h("th", { scope: "row" }, description), h("td", { "data-label": "Quantity" }, number(quantity)),
        h("td", { class: "figure", "data-label": "Each" }, price(unit_price)))), "stacked");

function decide(path, reload, { verb, action, done, consent }) {
    if (!may("portal:approve")) return h("p", { class: "quiet" }, "It waits for somebody who may decide.");
    const act = async (verb, body, told) => {
        await send(`${path}/${verb}`, body);
        announce(told);
        await reload();
    };
    const box = h("input", { type: "checkbox", name: "consent", id: `consent-${verb}` });
    const yes = form(
        { action, submit: ({ name }) => act(verb, { name, consent: box.checked }, done) },
        field("Your name", "name", { autocomplete: "name", required: true }),
        h("div", { class: "choice" }, box, h("label", { for: `consent-${verb}` }, consent)));
    const no = form(
        { action: "Decline", submit: ({ reason }) => act("decline", reason ? { reason } : {}, "It is declined.") },
        field("Why not? (if you like)", "reason", { control: "textarea", rows: 2 }));
    return section("Your decision", {}, yes, h("details", { class: "fold" }, h("summary", {}, "Or decline"), no));
}
