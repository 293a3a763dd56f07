import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { isBeyond, paged } from "../paging.js";
import { linkTo, placeOf } from "../places.js";
import { readable } from "../readable.js";
import { named } from "../records/naming.js";
import { liveUnless } from "../refreshing.js";
import { recount } from "../waiting.js";
import { badge, doing, failure, h, pending, quiet } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters, teller } from "../../ui/filter.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { inSentence, pieces, plural, t } from "../../ui/words.js";

/** The alerts that a person should know of, each with what to do about it; alike ones are one group. */
export function alerts({ query, signal }) {
    const agent = query.agent ?? "";
    let wanted = { open: query.open ?? "true", severity: query.severity ?? "" };
    const page = (cursor) =>
        get(withQuery("/v1/alerts", { ...wanted, agent, limit: 50, cursor, total: cursor ? "" : "true" }), signal);
    const heading = h("h1", { tabindex: -1 }, t("Alerts"));
    const tell = teller();
    const resolved = async () => {
        recount();
        later.clear();
        await results.reload();
        heading.focus();
    };
    const results = pending(() => page(), (first) => drawList(first, page, wanted, { resolved, tell }), { signal });
    const later = liveUnless("alert.*", {
        isAtWork: () => isBeyond(results), reload: results.reload, onChange: recount, text: t("Alerts have changed."),
        signal,
    });
    return {
        title: t("Alerts"),
        content: [
            heading,
            agent && quiet(t("Of {agent} only.", { agent: words(agent) }), " ", h("a", { href: "#/alerts" },
                t("Show all alerts"))),
            filters(
                {
                    label: t("Alerts"), addressOf: (next) => withQuery("#/alerts", next), wanted: { agent, ...wanted }, signal,
                    onChange(next) {
                        wanted = { open: next.open, severity: next.severity };
                        tell.again();
                        results.reload();
                    },
                },
                field(t("Show"), "open", {
                    control: "select", value: wanted.open,
                    options: [["true", t("Open")], ["false", t("Resolved")], ["", t("All")]],
                }),
                field(t("Severity"), "severity", {
                    control: "select", value: wanted.severity,
                    options: [["", t("Any")], ...["critical", "warning", "info"].map((code) => [code, words(code)])],
                })),
            later.place, results,
        ],
    };
}

const weight = { critical: 0, warning: 1, info: 2 };

/** Alerts of one kind that ask for the same: the gravest groups first. */
const grouped = (list) => [...Map.groupBy(list, (one) => [one.kind, one.agent, Boolean(one.resolved_at)].join(" "))
    .values()].sort(([a], [b]) => (weight[a.severity] ?? 3) - (weight[b.severity] ?? 3));

function drawList(first, page, { open }, { resolved, tell }) {
    if (!first.data.length) {
        tell(t("No alerts"));
        return nothing(open);
    }
    const found = plural(first.total, "{count} alert", "{count} alerts");
    tell(found);
    const list = h("div", {}, grouped(first.data).map((group) => drawGroup(group, resolved)));
    const append = (records) => {
        const added = grouped(records).map((group) => drawGroup(group, resolved));
        list.append(...added);
        return added[0];
    };
    return [quiet(found), list, paged(first, page, append)];
}

function drawGroup(group, resolved) {
    if (group.length === 1) return drawAlert(group[0], resolved);
    const [{ severity, kind, recommended_action: action, agent, resolved_at: isOver }] = group;
    const place = h("div", { class: "notices" });
    const all = (label, verb, told) => doing(label, async () => {
        for (const one of group) {
            await call(`/v1/alerts/${encodeURIComponent(one.id)}/${verb}`, { method: "POST" });
        }
        toast(told);
        await resolved();
    }, { place, ...spokenAs(t("{what}: {alert}", { what: label, alert: words(kind) })) });
    return h("article", { class: "card alert" },
        h("p", { class: "badges" }, statusBadge(severity), badge(plural(group.length, "{count} time",
            "{count} times"))),
        h("h2", {}, words(kind)),
        h("p", {}, h("strong", {}, t("What to do:")), " ", readable(action)),
        agent && h("p", { class: "links quiet" }, linkTo({ type: "agent", id: agent })),
        !isOver && may("alerts:write") && h("div", { class: "actions" },
            group.some((one) => !one.acknowledged_at) && all(t("Acknowledge all"), "acknowledge", t("Acknowledged")),
            all(t("Resolve all"), "resolve", t("Resolved"))), place,
        h("details", { class: "fold" }, h("summary", {}, t("Show each")), group.map((one) => drawAlert(one, resolved,
            "h3"))));
}

function drawAlert(alert, done, level = "h2") {
    const { id, version, severity, title, recommended_action: action, agent, subject } = alert;
    const isOver = Boolean(alert.resolved_at);
    const place = h("div", { class: "notices" });
    const path = `/v1/alerts/${encodeURIComponent(id)}`, headers = { "If-Match": `"${version}"` };
    const hasChanged = { title: t("This alert has changed."), detail: t("Load the latest version, then try again.") };
    const resolve = doing(t("Resolve"), async () => {
        await call(`${path}/resolve`, { method: "POST", headers });
        toast(t("Resolved"));
        await done();
    }, { place, ...spokenAs(t("Resolve: {alert}", { alert: title })),
        onProblem: ({ status }) => [409, 412].includes(status) && failure(hasChanged, done, t("Load latest")) });
    const acknowledge = h("button", { type: "button", ...spokenAs(t("Acknowledge: {alert}", { alert: title })),
        onclick: () => ask({
            title: t("Acknowledge alert"), action: t("Acknowledge"), told: t("Acknowledged"), onSaved: done,
            lead: quiet(t("It stays open until its cause is gone; others see that you look after it.")),
            fields: [{ name: "note", label: t("Note"), type: "area", rows: 3, help: t("What you do about it.") }],
            async save({ values }) {
                await call(`${path}/acknowledge`, { method: "POST", body: values, headers });
            },
        }) }, t("Acknowledge"));
    const isAbout = placeOf(subject) && subject.id !== agent;
    return h("article", { class: `card alert ${isOver ? "dim" : ""}` },
        h("p", { class: "badges" }, statusBadge(severity), isOver && badge(t("Resolved"), "good"),
            !isOver && alert.acknowledged_at && badge(t("Acknowledged"))),
        h(level, { dir: "auto" }, readable(title)),
        h("p", {}, h("strong", {}, t("What to do:")), " ", readable(action)),
        h("p", { class: "links quiet" },
            agent && linkTo({ type: "agent", id: agent }),
            isAbout && linkTo(subject, t("Open {thing}", { thing: inSentence(words(subject.type)) })),
            h("span", {}, pieces("Raised {when}", { when: ago(alert.created_at) })), told(alert)),
        !isOver && may("alerts:write") && h("div", { class: "actions" }, !alert.acknowledged_at && acknowledge,
            resolve),
        place);
}

/** Tells who looked after it, and when it was over. */
function told({ acknowledged_at: seen, acknowledged_by: by, note, resolved_at: over, resolved_by: end }) {
    const who = (one) => (typeof one === "string" && one.startsWith("user_") ? named("users", one) : null);
    return [
        seen && h("span", {}, pieces("Acknowledged {when}", { when: ago(seen) }), who(by) && [", ", who(by)],
            note && `: ${note}`),
        over && h("span", {}, pieces("Resolved {when}", { when: ago(over) }), end === "system"
            ? `, ${t("automatically")}`
            : who(end) && [", ", who(end)]),
    ];
}

function nothing(open) {
    const openOnes = h("a", { href: "#/alerts" }, t("Show open alerts"));
    if (open !== "true") return empty(t("No alerts match."), { ways: openOnes });
    return empty(t("No open alerts."), {
        about: t("Failing agents, stuck runs, used-up quotas and the like appear here with a recommended action."),
    });
}
