import { call, get, may, withQuery } from "../api.js";
import { announce, badge, doing, failure, h, pending, quiet, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, number, tone, within, words } from "../format.js";
import { isBeyond, paged } from "../paging.js";
import { linkTo, placeOf, readable } from "../places.js";
import { liveUnless } from "../stream.js";
import { recount } from "../waiting.js";

/** What a person should know of, each with what to do about it. */
export function alerts({ query, signal }) {
    const agent = query.agent ?? "";
    let wanted = { open: query.open ?? "true", severity: query.severity ?? "" };
    const page = (cursor) =>
        get(withQuery("/v1/alerts", { ...wanted, agent, limit: 25, cursor, total: cursor ? "" : "true" }), signal);
    const heading = h("h1", { tabindex: -1 }, agent ? `Alerts for ${words(agent)}` : "Alerts");
    const tell = teller();
    const resolved = async () => {
        recount();
        later.clear();
        await results.reload();
        heading.focus();
    };
    const results = pending(() => page(), (first) => drawList(first, page, wanted, { resolved, tell }), { signal });
    const later = liveUnless("alert.*", {
        isAtWork: () => isBeyond(results), reload: results.reload, onChange: recount, text: "Alerts have changed.",
        signal,
    });
    return {
        title: "Alerts",
        content: [
            heading,
            filters(
                { label: "Alerts", address: "#/alerts", wanted: { agent, ...wanted }, signal, onChange(next) {
                    wanted = { open: next.open, severity: next.severity };
                    tell.again();
                    results.reload();
                } },
                field("Show", "open", {
                    control: "select", value: wanted.open,
                    options: [["true", "Open"], ["false", "Resolved"], ["", "All"]],
                }),
                field("Severity", "severity", {
                    control: "select", value: wanted.severity,
                    options: [["", "Any"], ["critical", "Critical"], ["warning", "Warning"], ["info", "Info"]],
                })),
            later.place, results,
        ],
    };
}

function drawList(first, page, { open }, { resolved, tell }) {
    if (!first.data.length) {
        tell("No alerts");
        return nothing(open);
    }
    const found = `${number(first.total)} ${first.total === 1 ? "alert" : "alerts"}`;
    tell(found);
    const item = (alert) => drawAlert(alert, resolved);
    const list = h("div", {}, first.data.map(item));
    const append = (records) => {
        const added = records.map(item);
        list.append(...added);
        return added[0];
    };
    return [quiet(found), list, paged(first, page, append)];
}

function drawAlert(alert, done) {
    const { id, version, severity, title, recommended_action, agent, subject, created_at, resolved_at } = alert;
    const { acknowledged_at, note } = alert;
    const byItself = alert.resolved_by === "system" && ", automatically";
    const place = h("div", { class: "notices" });
    const at = encodeURIComponent(id);
    const hasChanged = { title: "This alert has changed.", detail: "Load the latest version, then try again." };
    const act = (label, path, told) => doing(label, async () => {
        const headers = { "If-Match": `"${version}"` };
        await call(path, { method: "POST", headers });
        announce(told);
        await done();
    }, { place, "aria-label": `${label}: ${title}`, onProblem: (problem) => [409, 412].includes(problem.status)
        && failure(hasChanged, done, "Load latest") });
    const isAbout = placeOf(subject) && subject.id !== agent;
    return h(
        "article", { class: `card alert ${resolved_at ? "dim" : ""}` },
        h("p", { class: "badges" }, badge(words(severity), tone(severity)), resolved_at && badge("Resolved", "good"),
            !resolved_at && acknowledged_at && badge("Acknowledged")),
        h("h2", {}, title),
        h("p", {}, h("strong", {}, "What to do: "), readable(recommended_action)),
        h("p", { class: "links quiet" },
            agent && linkTo({ type: "agent", id: agent }),
            isAbout && linkTo(subject, `View ${within(subject.type)}`),
            h("span", {}, "Raised ", ago(created_at)),
            acknowledged_at && h("span", {}, "Acknowledged ", ago(acknowledged_at), note && `: ${note}`),
            resolved_at && h("span", {}, "Resolved ", ago(resolved_at), byItself)),
        !resolved_at && may("alerts:write") && h("div", { class: "actions" },
            !acknowledged_at && act("Acknowledge", `/v1/alerts/${at}/acknowledge`, "Acknowledged"),
            act("Resolve", `/v1/alerts/${at}/resolve`, "Resolved")), place);
}

function nothing(open) {
    const openOnes = h("a", { href: "#/alerts" }, "Show open alerts");
    if (open !== "true") return h("p", { class: "empty" }, "No alerts match. ", openOnes);
    return h("div", { class: "empty" },
        h("p", {}, "No open alerts."),
        quiet("Failing agents, stuck runs, used-up quotas and the like appear here with a recommended action."));
}
