import { call, get } from "../api.js";
import { size } from "../attachments.js";
import { badge, doing, facts, h, pending, quiet, table } from "../dom.js";
import { ago, day, number, words } from "../format.js";
import { t } from "../words.js";
import { toast } from "../../ui/toast.js";

/** What keeps the database quick and sound: each task with its last result, what is slow, and the room that is left. */
export function maintenance(signal) {
    const trouble = h("div", { class: "notices" });
    const place = pending(() => get("/v1/admin/maintenance", signal), (state) => [
        trouble, capacity(state.capacity), tasks(state, trouble, () => place.reload()), slow(state.slow_statements),
    ], { signal });
    return place;
}

const capacity = (room) => facts([
    [t("Database size"), size(room.bytes)], [t("Free room"), room.free_bytes !== null && size(room.free_bytes)],
    [t("Growth a day"), room.growth_per_day > 0 && size(room.growth_per_day)],
    [t("Room ends on"), room.full_on && day(room.full_on)],
]);

function tasks({ tasks: all, quiet_hour: hour }, place, reload) {
    const row = (task) => h("tr", {},
        h("th", { scope: "row" }, words(task.name), task.needed && [" ", badge(t("Needed"), "warn")]),
        h("td", { "data-label": t("Last done") }, task.last_at ? ago(task.last_at) : t("Never")),
        h("td", { "data-label": t("Result") }, task.last_result ?? "–"),
        h("td", { "data-label": t("Next") }, task.next_at ? ago(task.next_at) : "–"),
        h("td", {}, doing(t("Do it now"), async () => {
            await call("/v1/admin/maintenance", { method: "POST", body: { task: task.name } });
            toast(t("It is being done"));
            setTimeout(reload, 1500);
        }, { place, class: "small", "aria-label": t("{what}: {alert}",
            { what: t("Do it now"), alert: words(task.name) }) })));
    return [
        quiet(t("Tasks are done by themselves at {hour}:00, when least is written.", { hour: number(hour) })),
        table(t("Tasks of maintenance"), [t("Task"), t("Last done"), t("Result"), t("Next"), ""], all.map(row),
            "stacked"),
    ];
}

function slow(statements) {
    if (!statements.length) return quiet(t("No statement was slow since the start."));
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, h("code", {}, one.statement.slice(0, 300))),
        h("td", { class: "figure", "data-label": t("Times slow") }, number(one.calls)),
        h("td", { class: "figure", "data-label": t("Mostly within, ms") }, number(one.p95_ms)),
        h("td", { "data-label": t("What to do") }, one.suggestion));
    return table(t("Slow statements"), [t("Statement"), { text: t("Times slow"), class: "figure" },
        { text: t("Mostly within, ms"), class: "figure" }, t("What to do")], statements.map(row), "stacked");
}
