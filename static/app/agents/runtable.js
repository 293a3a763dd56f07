import { get, may, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { remedyFor } from "../reasons.js";
import { h, whyNot } from "../../ui/dom.js";
import { took } from "../../ui/duration.js";
import { number, within, words } from "../../ui/format.js";
import { current, spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** From one kind of run to the other. */
export function runLinks(here) {
    const to = (address, text) => h("a", { href: address, ...current(address === here) }, text);
    return h("nav", { class: "tabs", ...spokenAs(t("Runs")) },
        to("#/runs", t("Agent runs")),
        may("workflows:read") && [to("#/workflow-runs", t("Workflow runs")), to("#/workflows", t("Workflows"))],
        may("jobs:read") && to("#/settings/background-work", t("Failed jobs")));
}

export function agentRunTable(runs, { isOfOne = false } = {}) {
    const columns = [isOfOne ? t("Started by") : t("Agent"), t("Status"), t("Started"), figure(t("Duration")),
        figure(t("Items"))];
    return table(t("Agent runs"), columns, runs.map(agentRunRow(isOfOne)), "stacked");
}

export const agentRunRow = (isOfOne = false) => (run) => h("tr", {},
    h("th", { scope: "row" },
        linkTo({ type: "agent_run", id: run.id }, words(isOfOne ? run.trigger : run.agent)),
        !isOfOne && h("span", { class: "quiet" }, ` ${within(run.trigger)}`),
        run.error && h("span", { class: "evidence" }, whyNot(run.error))),
    h("td", {}, statusBadge(run.status)),
    h("td", {}, ago(run.started_at ?? run.created_at)),
    cell(t("Duration"), took(run.started_at, run.finished_at)),
    cell(t("Items"), number(run.items_processed)));

/** Adds to a page of runs what their workflows are called, asked once. */
export function throughNames(signal) {
    let names = null;
    return async (page) => {
        names ??= get(withQuery("/v1/workflows", { limit: 200, fields: "id,name" }), signal)
            .then(({ data }) => new Map(data.map(({ id, name }) => [id, name])));
        const known = await names;
        const data = page.data.map((run) => ({ ...run, name: known.get(run.workflow_id) ?? run.workflow }));
        return { ...page, data };
    };
}

export const workflowRunTable = (runs) => table(t("Workflow runs"),
    [t("Workflow"), t("Status"), t("Step"), t("Waiting until"), t("Started")], runs.map(workflowRunRow), "stacked");

export function workflowRunRow(run) {
    return h("tr", {},
        h("th", { scope: "row" },
            linkTo({ type: "workflow_run", id: run.id }, words(run.name)), " ",
            h("span", { class: "quiet" }, about(run.state)),
            run.error && h("span", { class: "evidence" }, whyNot(run.error))),
        h("td", {}, statusBadge(run.status)),
        h("td", { "data-label": t("Step") }, run.current.map(words).join(", ") || "–"),
        h("td", { "data-label": t("Waiting until") }, ago(run.timers[0]?.due_at)),
        h("td", { "data-label": t("Started") }, ago(run.created_at)));
}

/** Tells a run from others of its workflow: the first text of its state that is no identifier. */
export const about = (state) =>
    Object.values(state ?? {}).find((value) => typeof value === "string" && !/^[a-z]+_[0-9a-z]{26}$/.test(value)) ?? "";

/** Tells the end of a run or a step, and what a person should do about it. */
export function trouble(error) {
    if (!error) return null;
    return h("div", { class: "notice bad" },
        h("p", {}, h("strong", {}, words(error.code ?? "failed")), ". ", whyNot(error)),
        remedyFor(error) && h("p", {}, h("strong", {}, t("What to do:")), " ", remedyFor(error)));
}
