import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { paged } from "../paging.js";
import { linkTo } from "../places.js";
import { refusalInWords, wayOutOf } from "../reasons.js";
import { named } from "../records/naming.js";
import { inWords } from "../selling/evidence.js";
import { dialog } from "../../ui/dialog.js";
import { badge, doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";
import { said } from "./values.js";

const path = (id) => `/v1/decisions/${encodeURIComponent(id)}`;

/** The decisions of an agent or of a run, newest first; each can be looked into and overruled. */
export function decisionList(query, signal, { nothing = t("No decisions yet.") } = {}) {
    const page = (cursor) => get(withQuery("/v1/decisions", { limit: 20, ...query, cursor }), signal);
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(nothing);
        const item = (one) => draw(one, place.reload);
        const list = h("ul", { class: "papers" }, first.data.map(item));
        return [list, paged(first, page, (records) => {
            const added = records.map(item);
            list.append(...added);
            return added[0];
        })];
    }, { signal });
    return place;
}

const plurals = { lead: "leads", deal: "deals", contact: "contacts", client: "clients", ticket: "tickets",
    company: "companies", article: "articles", sequence: "sequences", invoice: "invoices" };

/** A record by its name, where there is one. */
export const nameOf = (subject) => (plurals[subject.type]
    ? named(plurals[subject.type], subject.id, words(subject.type)) : linkTo(subject));

/** Says a decision in a line, without what is for programs. */
export const outcomeInWords = (outcome) => Object.entries(outcome ?? {})
    .filter(([name, value]) => value !== null && !/(_code|_id|_ids|_at|_count)$/.test(name)
        && !(Array.isArray(value) && value.length === 0))
    .slice(0, 5).map(([name, value]) => pair(words(name), valueOf(name, value))).join(", ");

const valueOf = (name, value) => (typeof value === "number" && /probability|confidence|share/.test(name)
    ? percent(value) : said(value));

function draw(one, reload) {
    return h("li", {},
        h("p", {}, h("strong", {}, nameOf(one.subject)), " ", one.override && badge(t("Overruled"), "warn")),
        h("p", {}, outcomeInWords(one.override?.outcome ?? one.outcome)),
        quiet(pieces("{when}, {share} sure", { when: ago(one.created_at), share: percent(one.confidence) })),
        h("div", { class: "actions" },
            h("button", { type: "button", class: "small", onclick: () => explain(one) }, t("Why")),
            may("decisions:override") && h("button", { type: "button", class: "small",
                onclick: () => overrule(one, reload) }, t("Overrule"))));
}

const learned = /^([a-z0-9_]+) (.*?) speaks (for|against) it$/;

/** "annual_revenue 1144000 speaks against it" as people say it; the server tells the rest in the reader's language. */
const evidenceInWords = (factor) => partsOf(factor).map((part) => {
    const [, name, value, way] = learned.exec(part) ?? [];
    if (!name) return inWords(part);
    const shown = value === "not known" ? t("not known") : value.replaceAll('"', "");
    return way === "for" ? t("{name} {value} raises it", { name: words(name), value: shown })
        : t("{name} {value} lowers it", { name: words(name), value: shown });
});

/**
 * Takes apart what a score was read from: these are several things at once, while a sentence is one, whatever stands
 * in it.
 */
function partsOf({ evidence, facts }) {
    const text = String(evidence ?? ""), parts = text.split("; ");
    return facts || parts.some((part) => learned.test(part)) ? parts : [text];
}

function explain(one) {
    const factors = one.factors.toSorted((a, b) => Math.abs(b.contribution ?? 0) - Math.abs(a.contribution ?? 0));
    const replayed = h("div"), trouble = h("div");
    const way = ({ contribution }) => (contribution === null || contribution === undefined ? "–" : contribution > 0
        ? badge(t("raises"), "good") : contribution < 0 ? badge(t("lowers"), "warn") : t("makes no difference"));
    dialog({ title: t("Why this decision?"), wide: true, content: () => [
        h("p", {}, h("strong", {}, outcomeInWords(one.outcome))),
        one.override && h("p", { class: "notice warn" }, pieces("Overruled by {who} {when}: {reason}", {
            who: one.override.by.type === "user" ? named("users", one.override.by.id) : words(one.override.by.type),
            when: ago(one.override.at), reason: one.override.reason })),
        factors.length > 0 && table(t("Reasons"), [t("Reason"), t("Effect"), t("What was seen")],
            factors.map((factor) =>
            h("tr", {}, h("th", { scope: "row" }, words(factor.name)), h("td", {}, way(factor)),
                h("td", { "data-label": t("What was seen") }, h("ul", { class: "plain" },
                    evidenceInWords(factor).filter(Boolean).map((line) => h("li", {}, line)))))), "stacked"),
        h("details", { class: "fold" }, h("summary", {}, t("How this was checked")),
            h("p", {}, pair(t("Decided by"), `${words(one.model.name)} ${one.model.version}`)),
            h("p", {}, pair(t("Settings"), t("Version {number}", { number: number(one.config_version) }))),
            doing(t("Decide again from what was known"), async () => {
                const { same, outcome } = await (await call(`${path(one.id)}/replay`, { method: "POST" })).json();
                fill(replayed, h("p", polite, same ? t("It comes out the same.")
                    : t("It would come out otherwise now: {outcome}", { outcome: outcomeInWords(outcome) })));
            }, { place: trouble, class: "small" }), trouble, replayed),
    ] });
}

/** A person's decision in its place, with what they know better. */
function overrule(one, onSaved) {
    const current = one.override?.outcome ?? one.outcome;
    const control = ([name, value]) => {
        const label = words(name);
        if (typeof value === "boolean") return { name, label, type: "yes" };
        if (typeof value === "number") return { name, label, type: "number" };
        if (typeof value === "string" && !/_(at|code|id)$/.test(name)) return { name, label };
        return null;
    };
    ask({
        title: t("Overrule decision"), action: t("Overrule"), told: t("Decision overruled"), onSaved, values: current,
        lead: quiet(t("Yours holds at once, until the facts change. The agent learns from it.")),
        fields: [...Object.entries(current).map(control).filter(Boolean),
            { name: "reason", label: t("Reason"), type: "area", rows: 3, required: true }],
        strip: "/outcome",
        async save({ values: { reason }, changed }) {
            const own = Object.fromEntries(Object.entries(changed).filter(([name]) => name !== "reason"));
            if (!Object.keys(own).length) {
                throw { title: t("Not saved."), errors: [{ pointer: "/reason",
                    detail: t("Change what was decided, and say why.") }] };
            }
            await call(`${path(one.id)}/override`, { method: "POST", body: { outcome: own, reason } });
        },
    });
}

/** Lists the refused deeds, each with its reason. */
export function refusalList(query, signal) {
    const page = (cursor) => get(withQuery("/v1/refusals", { limit: 20, ...query, cursor }), signal);
    return pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("Nothing was refused."));
        const item = (one) => h("li", {}, h("p", {}, h("strong", {}, words(one.code)), ": ", refusalInWords(one)),
            quiet(one.subject && [nameOf(one.subject), ", "], ago(one.updated_at), one.count > 1
                && [", ", t("{count} times", { count: number(one.count) })]), linksOf(one));
        const linksOf = (one) => {
            const way = wayOutOf(one), run = one.run_id && one.run_id !== query.run_id && `#/runs/${one.run_id}`;
            return (way || run) && h("p", { class: "links" }, way && h("a", { href: way[1] }, way[0]),
                run && h("a", { href: run }, t("View run")));
        };
        const list = h("ul", { class: "papers" }, first.data.map(item));
        return [list, paged(first, page, (records) => {
            const added = records.map(item);
            list.append(...added);
            return added[0];
        })];
    }, { signal });
}

/** The tab of an agent's decisions, and what it was not allowed to do. */
export const decisionsTab = (agent, signal) => [
    section(t("Decisions"), {}, decisionList({ agent }, signal)),
    section(t("Refused"), {}, refusalList({ agent }, signal)),
];
