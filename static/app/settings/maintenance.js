import { call, get } from "../api.js";
import { badge, doing, h, pending, quiet } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { size } from "../../ui/upload.js";
import { ago, day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Shows the care of the database: each task with its last result, what is slow, and the room that is left. */
export function maintenance(signal) {
    const trouble = h("div", { class: "notices" });
    const place = pending(() => get("/v1/admin/maintenance", signal), (state) => [
        trouble, capacity(state.capacity, state.memory), tasks(state, trouble, () => place.reload()),
        slow(state.slow_statements, trouble, () => place.reload()),
        ...(state.indexes.length ? [made(state.indexes, trouble, () => place.reload())] : []),
    ], { signal });
    return place;
}

const capacity = (room, memory) => facts([
    [t("Database size"), size(room.bytes)], [t("Free room"), room.free_bytes !== null && size(room.free_bytes)],
    [t("Growth a day"), room.growth_per_day > 0 && size(room.growth_per_day)],
    [t("Room ends on"), room.full_on && day(room.full_on)],
    ...work(room.processing), ...calls(room.service_calls),
    [t("Memory for each reading connection"), memory && size(memory.kilobytes_each * 1024)],
    [t("Found in memory"), memory && memory.found_share !== null && share(memory.found_share)],
    [t("Free memory of the machine"), memory && memory.machine_free_bytes !== null
        && size(memory.machine_free_bytes)],
]);

const work = (done) => (done ? [
    [t("Requests a day"), number(done.requests_per_day)], [t("Jobs a day"), number(done.jobs_per_day)],
    [t("Processor time used"), share(done.used_share)],
    [t("Requests a day there is room for"), done.requests_per_day_max !== null && number(done.requests_per_day_max)],
    [t("Processors are busy on"), done.full_on && day(done.full_on)],
] : []);

const calls = (of) => (of ? [
    [t("Calls of services a day"), number(Math.round(of.per_day))],
    [t("Calls of services in the next 30 days"), number(of.next_30_days)],
] : []);

const share = (part) => t("{count} %", { count: number(Math.round(part * 1000) / 10) });

function tasks({ tasks: all, quiet_hour: hour }, place, reload) {
    const row = (task) => h("tr", {},
        h("th", { scope: "row" }, words(task.name), task.needed && [" ", badge(t("Needed"), "warn")],
            task.failed && [" ", badge(t("Failed"), "bad")]),
        h("td", { "data-label": t("Last done") }, task.last_at ? ago(task.last_at) : t("Never")),
        h("td", { "data-label": t("Result") }, task.last_result ?? "–"),
        h("td", { "data-label": t("Next") }, task.next_at ? ago(task.next_at) : "–"),
        h("td", {}, doing(t("Do it now"), async () => {
            await call("/v1/admin/maintenance", { method: "POST", body: { task: task.name } });
            toast(t("It is being done"));
            setTimeout(reload, 1500);
        }, { place, class: "small", ...spokenAs(t("{what}: {alert}",
            { what: t("Do it now"), alert: words(task.name) })) })));
    return [
        quiet(t("Tasks are done by themselves at {hour}:00, when least is written.", { hour: number(hour) })),
        table(t("Tasks of maintenance"), [t("Task"), t("Last done"), t("Result"), t("Next"), ""], all.map(row),
            "stacked"),
    ];
}

/** Asks for an index to be made or taken away; it is there a little later. */
const change = (text, about, body, place, reload) => doing(text, async () => {
    await call("/v1/admin/maintenance", { method: "POST", body });
    toast(t("It is being done"));
    setTimeout(reload, 1500);
}, { place, class: "small", ...spokenAs(t("{what}: {alert}", { what: text, alert: about })) });

function slow(statements, place, reload) {
    if (!statements.length) return quiet(t("No statement was slow since the start."));
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, h("code", {}, one.statement.slice(0, 300))),
        cell(t("Times slow"), number(one.calls)),
        cell(t("Mostly within, ms"), number(one.p95_ms)),
        h("td", { "data-label": t("What to do") }, one.suggestion,
            one.index && [" ", h("code", {}, columns(one.index))]),
        h("td", {}, one.index && change(t("Make the index"), columns(one.index),
            { task: "make_index", table: one.index.table, columns: one.index.columns }, place, reload)));
    return table(t("Slow statements"), [t("Statement"), figure(t("Times slow")),
        figure(t("Mostly within, ms")), t("What to do"), ""], statements.map(row), "stacked");
}

const columns = (index) => `${index.table} (${index.columns.join(", ")})`;

function made(indexes, place, reload) {
    const row = (index) => h("tr", {},
        h("th", { scope: "row" }, h("code", {}, columns(index))),
        h("td", {}, change(t("Take it away"), columns(index), { task: "drop_index", index: index.name }, place,
            reload)));
    return table(t("Indexes that were made here"), [t("Index"), ""], indexes.map(row), "stacked");
}
