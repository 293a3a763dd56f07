import { call, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { h, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { ago, day } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { listPage, listsPage } from "./parts.js";

const pathOf = ({ id }) => `/v1/case-studies/${encodeURIComponent(id)}`;

/** Stories of clients: drafted from their figures, agreed to by them, published, and taken back. */
export const caseStudies = listPage("case-studies", () => ({ ways, actions, lead, facts }));

export const salesMaterial = listsPage("objections", { plural: "case-studies", ways });

/** The times say what the line above the facts says. */
const facts = ["status", "submitted_at", "decided_at", "published_at"];

function ways({ kind, reload }) {
    return kind.mayWrite && h("button", { type: "button", onclick: () => askDraft({}, reload) },
        t("Draft from figures"));
}

/** Drafts a case study from the figures of a client that have grown. */
export function askDraft(given, changed) {
    ask({
        title: t("Draft case study"), action: t("Draft from figures"), values: given,
        text: t("It is written of the client's metrics that have grown, and of nothing else."),
        fields: [asked.record("client_id", t("Client"), "clients", { required: true })],
        async run(body) {
            const made = await (await call("/v1/case-studies/draft", { method: "POST", body })).json();
            await changed?.();
            return made;
        },
        said: ({ id }) => ({ text: t("Case study drafted"),
            way: { text: t("Open"), href: `#/settings/case-studies/${encodeURIComponent(id)}` } }),
    });
}

/** For the menu of a client. */
export const draftItem = ({ id }, changed) => may("proposals:write")
    && { text: t("Draft case study"), run: () => askDraft({ client_id: id }, changed) };

function actions(study, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const { client_id, status, archived, version } = study;
    const run = (verb) => () => operate(`${pathOf(study)}/${verb}`, { version }).then(reload);
    const archive = (isArchived) => () => call(pathOf(study), {
        method: "PATCH", body: { archived: isArchived }, headers: { "If-Match": `"${version}"` } }).then(reload);
    const button = (label, given, isPrimary = false) => h("button", { type: "button", class: isPrimary && "primary",
        onclick: () => ask(given) }, label);
    return [
        client_id && ["draft", "declined", "with_client"].includes(status) && button(
            status === "with_client" ? t("Send again") : t("Ask the client"), {
                title: t("Ask the client?"), action: t("Ask the client"), said: t("The client is asked"),
                text: t("Their contact gets a link, reads it and says yes or no. Another word in it asks anew."),
                run: run("submit"),
            }, status !== "with_client"),
        status === "approved" && button(t("Publish"), {
            title: t("Publish case study?"), action: t("Publish"), said: t("Case study published"),
            text: t("From now on proposals and messages may tell it."), run: run("publish"),
        }, true),
        status === "published" && !archived && button(t("Withdraw"), {
            title: t("Withdraw case study?"), action: t("Withdraw"), said: t("Case study withdrawn"),
            text: t("It leaves the proposals and messages that were not sent yet. Sent papers stay as they were."),
            run: archive(true),
        }),
        archived && button(t("Use again"), {
            title: t("Use the case study again?"), action: t("Use again"), said: t("Case study in use"),
            run: archive(false),
        }),
    ];
}

const lead = (study) => [quiet(standing(study)),
    study.evidence?.length > 0 && section(t("Figures"), {}, figures(study))];

function standing({ status, archived, client_id, submitted_at, decided_at, published_at }) {
    if (archived) return t("Withdrawn: proposals do not use it any more.");
    if (!client_id) return t("It is about no client of yours, so nobody has to agree to it.");
    if (status === "with_client") return pieces("With the client since {when}.", { when: ago(submitted_at) });
    if (status === "approved") {
        return pieces("The client agreed {when}. It can be published.", { when: ago(decided_at) });
    }
    if (status === "declined") return pieces("The client said no {when}.", { when: ago(decided_at) });
    if (status === "published") return pieces("Published {when}.", { when: ago(published_at) });
    return t("A draft. Its client has to agree before anybody is told of it.");
}

function figures({ client_id, evidence }) {
    const when = (date) => date && h("span", { class: "quiet" }, " ", day(date));
    const dated = (label, value, date) => cell(label, number(value), when(date));
    return [
        table(t("Figures"), [t("Metric"), t("Source"), figure(t("At first")), figure(t("At last"))],
            evidence.map(({ metric, source, from, to, from_on, to_on }) => h("tr", {},
                h("th", { scope: "row", dir: "auto" }, words(metric)),
                h("td", { "data-label": t("Source") }, words(source)),
                dated(t("At first"), from, from_on), dated(t("At last"), to, to_on))), "stacked"),
        client_id && h("p", { class: "links after" },
            h("a", { href: `#/clients/${encodeURIComponent(client_id)}?tab=metrics` }, t("View the client's metrics"))),
    ];
}
