import { get, withQuery } from "../api.js";
import { paged, toTable } from "../paging.js";
import { live } from "../stream.js";
import {
    agentRunRow, agentRunTable, runLinks, throughNames, workflowRunRow, workflowRunTable,
} from "../agents/runtable.js";
import { h, pending, throttled } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters } from "../../ui/filter.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

const statuses = {
    "/v1/agent-runs": ["queued", "running", "waiting", "succeeded", "failed", "cancelled"],
    "/v1/workflow-runs": ["running", "waiting", "paused", "completed", "failed", "cancelled"],
};

/** The runs of agents, newest first. */
export function agentRuns(context) {
    const { agent } = context.query;
    return list(context, {
        title: t("Runs"), about: agent && t("Of {agent} only.", { agent: words(agent) }),
        address: "#/runs", path: "/v1/agent-runs", narrowing: ["agent"], types: "agent_run.*",
        draw: agentRunTable, row: agentRunRow(),
        nothing: [t("No agent runs yet."), " ", h("a", { href: "#/agents" }, t("Start one from an agent's page"))],
    });
}

/** The runs of workflows, newest first. */
export function workflowRuns(context) {
    // Runs know their workflow by its id.
    const named = throughNames(context.signal);
    return list(context, {
        complete: named,
        title: t("Workflow runs"),
        address: "#/workflow-runs", path: "/v1/workflow-runs", narrowing: ["workflow_id"], types: "workflow_run.*",
        draw: workflowRunTable, row: workflowRunRow,
        nothing: [t("No workflow runs yet."), " ", h("a", { href: "#/workflows" },
            t("Start one from a workflow's page"))],
    });
}

function list({ query, signal }, { title, about, address, path, narrowing, types, draw, row, nothing, complete }) {
    let wanted = { status: query.status ?? "" };
    const narrow = Object.fromEntries(narrowing.map((name) => [name, query[name] ?? ""]));
    const page = async (cursor) => {
        const found = await get(withQuery(path, { ...narrow, ...wanted, limit: 25, cursor }), signal);
        return complete ? complete(found) : found;
    };
    const results = pending(() => page(), (first) => {
        if (!first.data.length) return none();
        // No event tells that a run has begun, or sleeps.
        if (first.data.some(({ status }) => status === "running")) setTimeout(lookAgain, 2000);
        const runs = draw(first.data);
        runs.classList.add("leads");
        return [runs, paged(first, page, toTable(runs, row))];
    }, { signal });
    const isNarrow = () => Object.values({ ...narrow, ...wanted }).some(Boolean);
    const none = () => (isNarrow()
        ? empty(t("No runs match."), { ways: h("a", { href: address }, t("Show all runs")) }) : empty(nothing));
    // Runs that were loaded beyond the first page would be lost; there, the list stays as it is.
    const isShort = () => results.querySelectorAll("tbody tr").length <= 25;
    const lookAgain = throttled(1500, () => isShort() && results.reload(), signal);
    live(types, lookAgain, signal);
    const options = [["", t("Any")], ...statuses[path].map((status) => [status, words(status)])];
    return {
        title,
        content: [
            h("h1", {}, title), runLinks(address),
            about && h("p", { class: "quiet" }, about, " ", h("a", { href: address }, t("Show all runs"))),
            filters(
                {
                    label: title, addressOf: (next) => withQuery(address, next), wanted: { ...narrow, ...wanted }, signal,
                    onChange(next) {
                        wanted = { status: next.status };
                        results.reload();
                    },
                },
                field(t("Status"), "status", { control: "select", value: wanted.status, options })),
            results,
        ],
    };
}
