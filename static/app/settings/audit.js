import { get, withQuery } from "../api.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { actor } from "../readable.js";
import { named, whenNamed } from "../records/naming.js";
import { dialog } from "../../ui/dialog.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters } from "../../ui/filter.js";
import { number, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const kinds = [
    "lead", "deal", "contact", "client", "proposal", "contract", "invoice", "ticket", "message", "agent", "approval",
    "brake", "integration", "template", "tenant", "user", "role", "invitation", "api_key", "webhook", "session",
    "suppression", "consent", "budget", "schedule", "workflow",
];

/** Lists who did what, newest first; nobody can change it afterwards. */
export function auditLog({ query, signal }) {
    const names = ["actor_type", "subject_type", "action", "from", "to"];
    let wanted = Object.fromEntries(names.map((name) => [name, query[name] ?? ""]));
    const page = async (cursor) => {
        const { from, to, ...rest } = wanted;
        const found = await get(withQuery("/v1/audit", { ...rest, limit: 50, cursor,
            "created_at[gte]": from && new Date(from).toISOString(),
            "created_at[lt]": to && new Date(new Date(to).getTime() + 86_400_000).toISOString() }), signal);
        await whenNamed(found.data.flatMap(({ actor, subject }) => [
            [lists[actor.type], actor.id], subject && withNames.has(subject.type) && [listOf(subject), subject.id],
        ]).filter((one) => one?.[0]));
        return found;
    };
    const results = pending(() => page(), (first) => {
        if (!first.data.length) return empty(t("Nothing like this has been recorded."));
        const columns = [t("Action"), t("Who"), t("What"), t("Changes"), t("When")];
        const list = table(t("Audit log"), columns, first.data.map(row), "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    const check = pending(() => get("/v1/audit/verify", signal), ({ valid, ok, entries, count }) => quiet(
        valid ?? ok ?? true ? t("Nothing has been changed afterwards; entries checked: {count}", {
            count: number(entries ?? count) }) : t("The log has been changed afterwards.")), { signal });
    const who = [["user", t("People")], ["agent", t("Agents")], ["api_key", t("API keys")], ["system", t("Bureau")]];
    return [
        check,
        filters({
            label: t("Audit log"), addressOf: (next) => withQuery("#/settings/audit-log", next), wanted, signal,
            onChange(next) {
                wanted = next;
                results.reload();
            },
        },
        field(t("Who"), "actor_type", { control: "select", value: wanted.actor_type, options: [["", t("Anybody")],
            ...who] }),
        field(t("What"), "subject_type", { control: "select", value: wanted.subject_type,
            options: [["", t("Anything")], ...kinds.map((code) => [code, words(code)])] }),
        field(t("From"), "from", { type: "date", value: wanted.from }),
        field(t("Until"), "to", { type: "date", value: wanted.to })),
        results,
    ];
}

const changed = (changes) => Object.entries(changes ?? {}).filter(([name]) => !["version",
    "updated_at"].includes(name));

function row(entry) {
    const changes = changed(entry.changes);
    return h("tr", {},
        h("th", { scope: "row" }, words(entry.action)), h("td", { "data-label": t("Who") }, whoOf(entry.actor)),
        h("td", { "data-label": t("What") }, entry.subject ? thing(entry.subject) : "–"),
        h("td", { "data-label": t("Changes") }, changes.length === 0 ? "–" : h("button", { type: "button",
            class: "small",
            ...spokenAs(t("Show the change: {action}", { action: words(entry.action) })),
            onclick: () => showChange(entry, changes) }, changes.map(([name]) => words(name)).slice(0, 3).join(", "))),
        h("td", {}, ago(entry.created_at)));
}

/** The lists in which the names of those are who did something. */
const lists = { user: "users", api_key: "api-keys" };

const whoOf = (one) => (lists[one.type] ? named(lists[one.type], one.id, actor(one))
    : one.type === "agent" ? linkTo(one) : actor(one));

const withNames = new Set(["lead", "deal", "contact", "company", "client", "project", "proposal", "contract", "invoice",
    "template", "package", "user", "team", "macro", "ticket", "webhook", "api_key", "sequence", "article"]);

/** The list of a type, whose name is its plural: a policy is among policies. */
const listOf = ({ type }) => (type === "person" ? "users"
    : `${type.replaceAll("_", "-").replace(/([^aeiou])y$/, "$1ie")}s`);

const thing = (subject) => (withNames.has(subject.type)
    ? [`${words(subject.type)}: `, named(listOf(subject), subject.id)] : linkTo(subject));

/** Shows a change before and after: the log keeps it as {from, to}, or what came new. */
function showChange(entry, changes) {
    const isPair = (value) => value?.constructor === Object && ("from" in value || "to" in value || "old" in value);
    const line = ([name, value]) => h("tr", {}, h("th", { scope: "row" }, words(name.replace(/_ids?$/, ""))),
        h("td", { "data-label": t("Before") }, isPair(value) ? said(value.from ?? value.old) : "–"),
        h("td", { "data-label": t("After") }, said(isPair(value) ? value.to ?? value.new : value)));
    dialog({ title: words(entry.action), wide: true, content: () => [
        h("p", { class: "quiet" }, whoOf(entry.actor), ", ", ago(entry.created_at)),
        table(t("Changes"), [t("Field"), t("Before"), t("After")], changes.map(line), "stacked"),
    ] });
}

const identifier = /^[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}$/;

/** A value of any kind in words. */
function said(value) {
    if (value === null || value === undefined || value === "") return "–";
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    if (typeof value === "number") return number(value);
    if (typeof value === "string") {
        if (value === "***") return h("span", { class: "quiet" }, t("not kept here"));
        if (identifier.test(value)) return t("another record");
        if (/^\d{4}-\d\d-\d\dT/.test(value)) return ago(value);
        return /^[a-z]+(_[a-z]+)*$/.test(value) ? words(value) : h("span", { dir: "auto" }, value);
    }
    if (value.currency && typeof value.amount === "number") return money(value);
    if (Array.isArray(value)) return value.length ? value.map((one, index) => [index > 0 && ", ", said(one)]) : "–";
    return h("ul", { class: "plain" }, Object.entries(value).map(([name, one]) =>
        h("li", {}, `${words(name)}: `, said(one))));
}
