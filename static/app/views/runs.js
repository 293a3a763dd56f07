import { get, may, withQuery } from "../api.js";
import { badge, h, pending, table, throttled } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, number, tone, took, within, words } from "../format.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";

const statuses = {
    "/v1/agent-runs": ["queued", "running", "waiting", "succeeded", "failed", "cancelled"],
    "/v1/workflow-runs": ["running", "waiting", "paused", "completed", "failed", "cancelled"],
};

/** The runs of agents, newest first. */
export function agentRuns(context) {
    const { agent } = context.query;
    return list(context, {
        title: agent ? `Runs of ${words(agent)}` : "Runs",
        address: "#/runs", path: "/v1/agent-runs", narrowing: ["agent"], types: "agent_run.*",
        draw: agentRunTable, row: agentRunRow(),
        nothing: ["No agent runs yet. ", h("a", { href: "#/agents" }, "Start one from an agent's page"), "."],
    });
}

/** The runs of workflows, newest first. */
export function workflowRuns(context) {
    // Runs know their workflow by its id.
    const named = throughNames(context.signal);
    return list(context, {
        complete: named,
        title: "Workflow runs",
        address: "#/workflow-runs", path: "/v1/workflow-runs", narrowing: ["workflow_id"], types: "workflow_run.*",
        draw: workflowRunTable, row: workflowRunRow,
        nothing: ["No workflow runs yet. ", h("a", { href: "#/workflows" }, "Start one from a workflow's page"), "."],
    });
}

function list({ query, signal }, { title, address, path, narrowing, types, draw, row, nothing, complete }) {
    let wanted = { status: query.status ?? "" };
    const narrow = Object.fromEntries(narrowing.map((name) => [name, query[name] ?? ""]));
    const page = async (cursor) => {
        const found = await get(withQuery(path, { ...narrow, ...wanted, limit: 25, cursor }), signal);
        return complete ? complete(found) : found;
    };
    const results = pending(() => page(), (first) => {
        if (!first.data.length) return h("div", { class: "empty" }, h("p", {}, empty()));
        // No event tells that a run has begun, or sleeps.
        if (first.data.some(({ status }) => status === "running")) setTimeout(lookAgain, 2000);
        const runs = draw(first.data);
        runs.classList.add("leads");
        return [runs, paged(first, page, toTable(runs, row))];
    }, { signal });
    const isNarrow = () => Object.values({ ...narrow, ...wanted }).some(Boolean);
    const empty = () => (isNarrow() ? ["No runs match. ", h("a", { href: address }, "Show all runs")] : nothing);
    // What was loaded beyond the first page would be lost; there, the list stays as it is.
    const isShort = () => results.querySelectorAll("tbody tr").length <= 25;
    const lookAgain = throttled(1500, () => isShort() && results.reload(), signal);
    live(types, lookAgain, signal);
    const options = [["", "Any"], ...statuses[path].map((status) => [status, words(status)])];
    return {
        title,
        content: [
            h("h1", {}, title),
            runLinks(address),
            filters(
                { label: title, address, wanted: { ...narrow, ...wanted }, signal, onChange(next) {
                    wanted = { status: next.status };
                    results.reload();
                } },
                field("Status", "status", { control: "select", value: wanted.status, options })),
            results,
        ],
    };
}

/** From one kind of run to the other. */
export function runLinks(here) {
    const to = (address, text) => h("a", { href: address, "aria-current": address === here && "page" }, text);
    return h("nav", { class: "tabs", "aria-label": "Runs" },
        to("#/runs", "Agent runs"),
        may("workflows:read") && [to("#/workflow-runs", "Workflow runs"), to("#/workflows", "Workflows")]);
}

export function agentRunTable(runs, { isOfOne = false } = {}) {
    const figure = (text) => ({ text, class: "figure" });
    const columns = [isOfOne ? "Started by" : "Agent", "Status", "Started", figure("Duration"), figure("Items")];
    return table("Agent runs", columns, runs.map(agentRunRow(isOfOne)), "stacked");
}

const agentRunRow = (isOfOne = false) => (run) => h(
    "tr", {},
    h("th", { scope: "row" },
        linkTo({ type: "agent_run", id: run.id }, words(isOfOne ? run.trigger : run.agent)),
        !isOfOne && h("span", { class: "quiet" }, ` ${within(run.trigger)}`),
        run.error && h("span", { class: "evidence" }, run.error.detail)),
    h("td", {}, badge(words(run.status), tone(run.status))),
    h("td", {}, ago(run.started_at ?? run.created_at)),
    h("td", { class: "figure", "data-label": "Duration" }, took(run.started_at, run.finished_at)),
    h("td", { class: "figure", "data-label": "Items" }, number(run.items_processed)));

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

export const workflowRunTable = (runs) =>
    table("Workflow runs", ["Workflow", "Status", "Step", "Waiting until", "Started"], runs.map(workflowRunRow),
        "stacked");

function workflowRunRow(run) {
    return h(
        "tr", {},
        h("th", { scope: "row" },
            linkTo({ type: "workflow_run", id: run.id }, words(run.name)), " ",
            h("span", { class: "quiet" }, about(run.state)),
            run.error && h("span", { class: "evidence" }, run.error.detail)),
        h("td", {}, badge(words(run.status), tone(run.status))),
        h("td", { "data-label": "Step" }, run.current.map(words).join(", ") || "–"),
        h("td", { "data-label": "Waiting until" }, ago(run.timers[0]?.due_at)),
        h("td", { "data-label": "Started" }, ago(run.created_at)));
}

/** What tells a run from others of its workflow: the first text of its state that is no identifier. */
export const about = (state) =>
    Object.values(state ?? {}).find((value) => typeof value === "string" && !/^[a-z]+_[0-9a-z]{26}$/.test(value)) ?? "";
