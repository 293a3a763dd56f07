import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { diagram } from "../agents/diagram.js";
import { runLinks, throughNames, workflowRunTable } from "../agents/runtable.js";
import { editWorkflow } from "../agents/workfloweditor.js";
import { startFields } from "../agents/workflowinput.js";
import { stepList } from "../agents/workflowsteps.js";
import { triggerFacts } from "../agents/workflowtrigger.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** The workflows that the agency has composed. */
export function workflows({ signal }) {
    const fields = "id,name,description,nodes,version,updated_at";
    const page = (cursor) => get(withQuery("/v1/workflows", { sort: "-created_at", fields, cursor }), signal);
    const results = pending(() => page(), (first) => {
        if (!first.data.length) return nothing();
        const columns = [t("Workflow"), t("Steps"), t("Version"), t("Changed")];
        const list = table(t("Workflows"), columns, first.data.map(row), "leads stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    return { title: t("Workflows"), content: [
        h("div", { class: "heading" }, h("h1", {}, t("Workflows")), may("workflows:write") && h("div",
            { class: "actions" },
            h("button", { type: "button", class: "primary", "data-key": "n", onclick: make }, t("New workflow")))),
        runLinks("#/workflows"), results,
    ] };
}

const make = () => editWorkflow({ title: t("New workflow"), told: t("Workflow created"), async save(body) {
    const made = await (await call("/v1/workflows", { method: "POST", body })).json();
    location.hash = `/workflows/${made.id}`;
} });

const row = ({ id, name, description, nodes, version, updated_at: changed }) => h("tr", {},
    h("th", { scope: "row" }, linkTo({ type: "wfl", id }, words(name)),
        description && h("span", { class: "evidence" }, description)),
    h("td", { "data-label": t("Steps") }, number(nodes?.length ?? 0)),
    h("td", { "data-label": t("Version") }, number(version)),
    h("td", {}, ago(changed)));

const nothing = () => empty(t("No workflows yet"),
    { about: t("A workflow puts agents, tools, waits and questions to people in an order.") });

/** One workflow: its steps, its picture, its runs, and a run that is started. */
export function workflow({ id, signal }) {
    const path = `/v1/workflows/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, t("Workflow")), actions = h("div", { class: "actions" });
    const named = throughNames(signal);
    const load = async () => {
        const answer = await call(path, { signal });
        const picture = await call(`${path}/diagram`, { signal }).then((response) => response.text());
        return { one: await answer.json(), etag: answer.headers.get("ETag"), picture };
    };
    const runs = pending(
        async () => named(await get(withQuery("/v1/workflow-runs", { workflow_id: id, limit: 8 }), signal)),
        ({ data }) => (data.length ? workflowRunTable(data) : quiet(t("No runs yet."))), { signal });
    const record = pending(load, ({ one, etag, picture }) => {
        fill(heading, words(one.name));
        document.title = `${words(one.name)} – Bureau`;
        fill(actions, buttons(one, etag, path, () => record.reload()));
        return h("div", { class: "columns even" },
            h("div", {}, one.description && h("p", {}, one.description), section(t("Steps"), {}, stepList(one)),
                section(t("What a run is given"), {}, stateFacts(one.state)),
                one.trigger && section(t("Begins by itself"), {}, triggerFacts(one.trigger))),
            h("div", {}, section(t("Recent runs"), {}, runs), section(t("Diagram"), {}, diagram(picture)),
                quiet(t("Version {number}", { number: number(one.version) }), ", ", ago(one.updated_at))));
    }, { signal });
    return { title: t("Workflow"), content: [
        h("p", { class: "links" }, h("a", { href: "#/workflows" }, t("Workflows"))),
        h("div", { class: "heading" }, heading, actions), record,
    ] };
}

function stateFacts(state) {
    const entries = Object.entries(state ?? {});
    if (!entries.length) return quiet(t("Nothing: every run is the same."));
    return facts(entries.map(([name, { type, required, description }]) => [words(name),
        [words(type), required && `, ${t("needed at the start")}`, description && `: ${description}`]]));
}

function buttons(one, etag, path, reload) {
    const edit = () => editWorkflow({ one, title: t("Edit workflow"), told: t("Workflow saved"), onSaved: reload,
        async save(body) {
            await call(path, { method: "PATCH", body: withoutGone(body, one), headers: { "If-Match": etag } });
        } });
    const remove = async () => {
        const isMeant = await confirm({ title: t("Delete workflow?"), action: t("Delete"), isGrave: true,
            text: t("{name} goes. Runs that have begun go on to their end.", { name: words(one.name) }) });
        if (!isMeant) return;
        await call(path, { method: "DELETE" }).then(() => {
            toast(t("Workflow deleted"));
            location.hash = "/workflows";
        }, (problem) => alarm(whyNot(problem)));
    };
    return [
        may("workflows:run") && h("button", { type: "button", class: "primary", onclick: () => start(one) },
            t("Start run")),
        may("workflows:write") && h("button", { type: "button", "data-key": "e", onclick: edit }, t("Edit")),
        may("workflows:write") && menuButton(t("More"), () => [{ text: t("Delete"), run: remove }]),
    ];
}

/** A merge patch keeps what it does not name: state that has gone is null. */
const withoutGone = (body, before) => ({ ...body, state: { ...Object.fromEntries(Object.keys(before.state ?? {})
    .filter((name) => !(name in body.state)).map((name) => [name, null])), ...body.state } });

function start(one) {
    ask({
        title: t("Start run"), action: t("Start run"), fields: startFields(one.state), strip: "/state",
        more: [{ name: "breakpoints", label: t("Pause before"), type: "ticks",
            options: (one.nodes ?? []).map(({ id }) => [id, words(id)]) }],
        lead: Object.keys(one.state ?? {}).length === 0 && quiet(plural(one.nodes.length, "It has {count} step.",
            "It has {count} steps.")),
        async save({ values: { breakpoints, ...given } }) {
            const state = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
            const body = { workflow_id: one.id, state, ...(breakpoints.length && { breakpoints }) };
            const run = await (await call("/v1/workflow-runs", { method: "POST", body })).json();
            location.hash = `/workflow-runs/${run.id}`;
        },
    });
}
