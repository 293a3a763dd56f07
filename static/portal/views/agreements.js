import { may, whoIsMe } from "../../app/api.js";
import { billingTabs, fileName, kept, listPage, post, price, recordPage, said, saving, send } from "../parts.js";
import { announce, h, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { counted, number } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { ago, day, dayOf } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";

/* Offers and agreements: accepted or signed with a name and with consent, or declined. */

const list = (path, place, when, say) => ({ signal }) => listPage(say().title, path, {
    before: billingTabs(place),
    signal, none: say().none,
    item: (one) => [
        h("div", { class: "row" }, h("h2", {}, h("a", { href: `#${place}/${one.id}` }, one.title ?? say().title)),
            price(one.total ?? one.price)),
        h("p", { class: "badges" }, statusBadge(one.status), h("span", { class: "quiet" }, when(one))),
    ],
});

export const proposals = list("/v1/portal/proposals", "/proposals",
    ({ valid_until, sent_at }) => (valid_until
        ? t("Valid until {day}", { day: dayOf(valid_until) })
        : pieces("Sent {when}", { when: ago(sent_at) })),
    () => ({ title: t("Proposals"), none: t("No proposals yet.") }));

export const contracts = list("/v1/portal/contracts", "/contracts",
    ({ signed_at, sent_at }) => (signed_at
        ? pieces("Signed {when}", { when: ago(signed_at) })
        : pieces("Sent {when}", { when: ago(sent_at) })),
    () => ({ title: t("Contracts"), none: t("No contracts yet.") }));

export function proposal({ id, signal }) {
    const path = `/v1/portal/proposals/${encodeURIComponent(id)}`;
    return recordPage(t("Proposal"), path, ["/proposals", t("Proposals")], {
        signal, name: ({ title }) => title ?? t("Proposal"),
        draw: (one, reload) => [
            section(t("Our offer"), {}, said(one.introduction), facts([
                [t("Status"), statusBadge(one.status)], [t("Total"), price(one.total)],
                [t("Valid until"), dayOf(one.valid_until)],
                [t("Accepted by"), one.accepted_by], [t("Reason for declining"), one.decline_reason],
            ]), named(t("What you need"), one.needs), services(one.services), items(one.items),
            said(one.pricing_justification)),
            one.case_studies?.length > 0 && section(t("What we have done for others"), {}, one.case_studies.map(study)),
            said(one.call_to_action), saving(t("Download as PDF"), `${path}.pdf`, fileName(one.title, "pdf")),
            ["sent", "viewed"].includes(one.status) && decide(path, reload, {
                verb: "accept", action: t("Accept the proposal"), done: t("Proposal accepted."),
                consent: t("I accept this proposal on behalf of my company and am authorised to do so."),
            }),
        ],
    });
}

export function contract({ id, signal }) {
    const path = `/v1/portal/contracts/${encodeURIComponent(id)}`;
    return recordPage(t("Contract"), path, ["/contracts", t("Contracts")], {
        signal, name: ({ title }) => title ?? t("Contract"),
        draw: (one, reload) => [
            section(t("Contract terms"), {}, facts([
                [t("Status"), statusBadge(one.status)], [t("Monthly price"), price(one.price)],
                [t("One-time fee"), price(one.one_off)],
                [t("Start date"), day(one.starts_on)],
                [t("Notice period"), one.notice_days && counted(one.notice_days, "day")],
                [t("Signed by"), one.signed_by], [t("Reason for declining"), one.decline_reason],
            ]), services(one.services), items(one.items), said(one.terms),
            named(t("Milestones"), one.milestones?.map(({ name, due }) => (due ? pair(name, day(due)) : name))),
            named(t("What we commit to"), one.sla?.map(({ name, target }) => pair(name, target)))),
            saving(t("Download as PDF"), `${path}.pdf`, fileName(one.title, "pdf")),
            one.status === "sent" && one.sign_at && signedElsewhere(one.sign_at),
            one.status === "sent" && !one.sign_at && decide(path, reload, {
                verb: "sign", action: t("Sign the contract"), done: t("Contract signed."),
                consent: t("I have read this contract and sign it on behalf of my company, as I am authorised to do."),
            }),
        ],
    });
}

/** Where a contract is signed that is not signed here. */
const signedElsewhere = ({ service, open, email, url }) => section(t("Signing"), {},
    h("p", {}, open ? t("Please sign this contract at {service}, which writes to {email}.", { service, email })
        : t("This contract can no longer be signed at {service}. Please contact us.", { service })),
    url && h("p", {}, h("a", { class: "button", href: url, rel: "noopener" }, t("Sign at {service}", { service }))));

const named = (title, list) => list?.length > 0 && [
    h("h3", {}, title), h("ul", {}, list.map((text) => h("li", {}, text))),
];

const study = ({ title, client, industry, result, text, quote, speaker }) => [
    h("h3", {}, title), h("p", { class: "quiet" }, [client, industry, result].filter(Boolean).join(" · ")), said(text),
    quote && h("blockquote", { dir: "auto" }, quote, speaker && ` — ${speaker}`),
];

const services = (list) => list?.length > 0 && [h("h3", {}, t("Services")), h("ul", {}, list.map(
    ({ title, description }) => {
        const name = h("strong", {}, title);
        return h("li", {}, name, said(description));
    }))];

const items = (list) => list?.length > 0 && table(
    t("Prices"), [t("Item"), t("Quantity"), { text: t("Unit price"), class: "figure" }],
    list.map(({ description, quantity, unit_price }) => h("tr", {},
        h("th", { scope: "row" }, description), h("td", { "data-label": t("Quantity") }, number(quantity)),
        h("td", { class: "figure", "data-label": t("Unit price") }, price(unit_price)))), "stacked");

function decide(path, reload, { verb, action, done, consent }) {
    if (!may("portal:approve")) return h("p", { class: "quiet" }, t("Waiting for someone who can decide."));
    const tell = async (text) => {
        announce(text);
        await reload();
    };
    const box = h("input", { type: "checkbox", name: "consent", id: `consent-${verb}` });
    const yes = form(
        { action, async submit({ name }) {
            await send(`${path}/${verb}`, { name, consent: box.checked });
            await tell(done);
        } },
        field(t("Your name"), "name", {
            autocomplete: "name", required: true, value: whoIsMe()?.user?.name ?? "",
        }),
        h("div", { class: "choice" }, box, h("label", { for: `consent-${verb}` }, consent)));
    const draft = `decline ${path}`;
    const no = kept(draft, form(
        { action: t("Decline"), isPrimary: false,
            async submit({ reason }) {
                await post(`${path}/decline`, reason ? { reason } : {}, draft);
                await tell(t("Declined."));
            } },
        field(t("Reason (optional)"), "reason", { control: "textarea", rows: 2 })));
    return section(t("Your decision"), {}, yes, h("details", { class: "fold" }, h("summary", {}, t("Or decline")), no));
}
