import { call, get, may, withQuery } from "../api.js";
import { facts, fill, h, pending, quiet, section, table } from "../dom.js";
import { form } from "../forms.js";
import { ago, number, within, words } from "../format.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { readValues, valueFields } from "../values.js";
import { runLinks, throughNames, workflowRunTable } from "./runs.js";
import { diagram } from "./workflowrun.js";

/** The workflows that the agency has composed. */
export function workflows({ signal }) {
    const fields = "id,name,description,nodes,version,updated_at";
    const page = (cursor) => get(withQuery("/v1/workflows", { sort: "-created_at", fields, cursor }), signal);
    const results = pending(() => page(), (first) => {
        if (!first.data.length) return nothing();
        const columns = ["Workflow", "Nodes", "Version", "Updated"];
        const list = table("Workflows", columns, first.data.map(row), "leads stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    return { title: "Workflows", content: [h("h1", {}, "Workflows"), runLinks("#/workflows"), results] };
}

const row = ({ id, name, description, nodes, version, updated_at }) => h(
    "tr", {},
    h("th", { scope: "row" }, linkTo({ type: "wfl", id }, words(name)),
        description && h("span", { class: "evidence" }, description)),
    h("td", { "data-label": "Nodes" }, number(nodes?.length ?? 0)),
    h("td", { "data-label": "Version" }, number(version)),
    h("td", {}, ago(updated_at)));

const nothing = () => h("div", { class: "empty" },
    h("p", {}, "No workflows yet. A workflow connects agents, tools, waits and approvals; it is created with the API."),
    h("p", {}, h("a", { class: "button", href: "/docs#q=%2Fv1%2Fworkflows" }, "Open API reference")));

/** One workflow: its picture, its nodes, its runs, and a form that starts one. */
export function workflow({ id, signal }) {
    const path = `/v1/workflows/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Workflow");
    const named = throughNames(signal);
    const load = async () => {
        const [one, picture] = await Promise.all([
            get(path, signal), call(`${path}/diagram`, { signal }).then((response) => response.text()),
        ]);
        return { one, picture };
    };
    const runs = pending(
        async () => named(await get(withQuery("/v1/workflow-runs", { workflow_id: id, limit: 8 }), signal)),
        ({ data }) => (data.length ? workflowRunTable(data) : quiet("No runs yet.")), { signal });
    const record = pending(load, ({ one, picture }) => {
        fill(heading, words(one.name));
        document.title = `${words(one.name)} – Bureau`;
        return h("div", { class: "columns even" },
            h("div", {},
                one.description && h("p", {}, one.description),
                may("workflows:run") && section("Start a run", {}, starter(one)),
                section("Nodes", {}, drawNodes(one))),
            h("div", {}, section("Diagram", {}, diagram(picture)), section("Recent runs", {}, runs)));
    }, { signal });
    return { title: "Workflow", content: [heading, runLinks("#/workflows"), record] };
}

function starter({ id, state }) {
    return form(
        {
            action: "Start",
            async submit(entered) {
                const body = { workflow_id: id, state: readValues(state, entered) };
                const run = await startRun(body);
                location.hash = `#/workflow-runs/${run.id}`;
            },
        },
        valueFields(state));
}

/** Starts a run; the server's "/state/lead_id" is this form's field "lead_id". */
async function startRun(body) {
    try {
        return await (await call("/v1/workflow-runs", { method: "POST", body })).json();
    } catch (problem) {
        for (const fault of problem.errors ?? []) fault.pointer = fault.pointer.replace(/^\/state/, "");
        throw problem;
    }
}

function drawNodes({ nodes, edges }) {
    const ways = (id) => (edges ?? []).filter(({ from }) => from === id).map(({ to, when }) =>
        (when ? `${words(to)} when ${condition(when)}` : words(to)));
    return facts((nodes ?? []).map((node) => [words(node.id), [
        h("span", {}, node.title ?? "", node.title && " "), h("span", { class: "quiet" }, kind(node)),
        ways(node.id).map((way) => h("span", { class: "evidence" }, "→ ", way)),
    ]]));
}

const kind = ({ type, agent, tool, for: time, signal }) =>
    [within(type), agent && within(agent), tool, time, signal].filter(Boolean).join(" ");

/** A condition in words, as the diagram has it: "score gte 60". */
function condition({ field, op, value, all, any, not }) {
    if (all) return all.map(condition).join(" and ");
    if (any) return any.map(condition).join(" or ");
    return not ? `not ${condition(not)}` : `${field} ${op} ${JSON.stringify(value)}`;
}
