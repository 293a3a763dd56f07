import { call, get, may, withQuery } from "../api.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { secondsOf } from "../controls/leaves.js";
import { live } from "../stream.js";
import { confirm } from "../../ui/dialog.js";
import { badge, doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters } from "../../ui/filter.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge, tone } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Shows the work behind the pages: jobs that have failed for good, the queues, and what services have sent. */
export const backgroundWork = ({ query, signal }) => [
    quiet(t("Everything that agents, imports and sending do runs here. Failed jobs stay until they are tried again.")),
    section(t("Jobs"), {}, jobs(query, signal)), section(t("Queues"), {}, queues(signal)),
    may("integrations:read") && section(t("What services have sent"), {}, receipts(signal)),
];

const states = ["dead", "retrying", "running", "available", "scheduled", "completed", "cancelled"];
const titles = () => ({ dead: t("Failed for good"), available: t("Waiting for its turn") });

function jobs(query, signal) {
    let wanted = { state: query.state ?? "dead" };
    const page = (cursor) => get(withQuery("/v1/jobs", { ...wanted, limit: 25, cursor }), signal);
    const results = pending(() => page(), (first) => {
        if (!first.data.length) {
            return empty(wanted.state === "dead" ? t("No job has failed.") : t("No such jobs."));
        }
        const list = table(t("Jobs"), [t("Job"), t("State"), t("About"), t("When"), ""], first.data.map(row),
            "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    live("job.*", () => results.reload(), signal);
    const row = (one) => {
        const trouble = h("div");
        const act = (label, verb, told) => doing(label, async () => {
            await call(`/v1/jobs/${encodeURIComponent(one.id)}/${verb}`, { method: "POST" });
            toast(told);
            await results.reload();
        }, { place: trouble, class: "small", ...spokenAs(t("{what}: {job}", { what: label, job: words(one.kind) })) });
        const isOver = ["dead", "cancelled"].includes(one.state);
        return h("tr", {},
            h("th", { scope: "row" }, words(one.kind),
                one.error && h("span", { class: "evidence fault" }, whyNot(one.error) ?? words(one.error.code
                    ?? "failed")),
                one.waiting_reason && h("span", { class: "evidence" }, words(one.waiting_reason))),
            h("td", {}, badge(titles()[one.state] ?? words(one.state), one.state === "dead" ? "bad" : tone(one.state)),
                one.attempt > 1 && h("span", { class: "quiet" }, " ", t("attempt {number} of {most}",
                    { number: number(one.attempt), most: number(one.max_attempts) }))),
            h("td", { "data-label": t("About") }, one.subject ? linkTo(one.subject) : "–"),
            h("td", {}, ago(one.finished_at ?? one.started_at ?? one.run_at)),
            h("td", {}, may("jobs:write") && h("div", { class: "actions" },
                isOver && act(t("Try again"), "retry", t("The job is tried again")),
                !isOver && one.state !== "completed" && act(t("Cancel"), "cancel", t("The job is cancelled"))),
                    trouble));
    };
    return [
        filters({
            label: t("Jobs"), addressOf: (next) => withQuery("#/settings/background-work", next), wanted, signal,
            onChange(next) {
                wanted = next;
                results.reload();
            },
        }, field(t("Show"), "state", { control: "select", value: wanted.state,
            options: [...states.map((code) => [code, titles()[code] ?? words(code)]), ["", t("All")]] })),
        results,
    ];
}

function queues(signal) {
    const trouble = h("div");
    const place = pending(() => get("/v1/queues?limit=100", signal), ({ data }) => [trouble, table(t("Queues"),
        [t("Queue"), t("Waiting"), t("Running"), t("Oldest"), ""], data.map((one) => h("tr", {},
            h("th", { scope: "row" }, words(one.name), one.paused && [" ", badge(t("Paused"), "warn")],
                one.paused_by_platform && [" ", badge(t("Paused by the operator"), "warn")]),
            h("td", { "data-label": t("Waiting") }, number(one.depth)),
            h("td", { "data-label": t("Running") }, number(one.running)),
            h("td", { "data-label": t("Oldest") }, one.oldest_age ? lasting(secondsOf(one.oldest_age)) : "–"),
            h("td", {}, may("jobs:write") && switcher(one, trouble, place.reload)))), "stacked")], { signal });
    return place;
}

function switcher({ name, paused }, place, reload) {
    const label = paused ? t("Resume") : t("Pause");
    return doing(label, async () => {
        const isMeant = paused || await confirm({ title: t("Pause {queue}?", { queue: words(name) }),
            action: t("Pause"),
            text: t("What is running goes on. Nothing else of this queue begins until you resume it.") });
        if (!isMeant) return;
        await call(`/v1/queues/${encodeURIComponent(name)}/${paused ? "resume" : "pause"}`, { method: "POST" });
        toast(paused ? t("Queue resumed") : t("Queue paused"));
        await reload();
    }, { place, class: "small", ...spokenAs(`${label}: ${words(name)}`) });
}

/** Shows what came in through the hooks of connected services, and takes it once more where it has failed. */
function receipts(signal) {
    const page = (cursor) => get(withQuery("/v1/hook-receipts", { limit: 20, cursor }), signal);
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("Nothing has been received yet."));
        const list = table(t("What services have sent"), [t("From"), t("Status"), t("When"), ""], first.data.map(row),
            "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    const row = (one) => {
        const trouble = h("div");
        return h("tr", {},
            h("th", { scope: "row" }, words(one.provider), h("span", { class: "evidence" }, words(one.type)),
                one.note && h("span", { class: "evidence" }, one.note)),
            h("td", {}, statusBadge(one.status)),
            h("td", {}, ago(one.received_at)),
            h("td", {}, may("integrations:write") && ["failed", "ignored"].includes(one.status)
                && doing(t("Read again"),
                async () => {
                    await call(`/v1/hook-receipts/${encodeURIComponent(one.id)}/replay`, { method: "POST" });
                    toast(t("It is read again"));
                    await place.reload();
                }, { place: trouble, class: "small" }), trouble));
    };
    return place;
}
