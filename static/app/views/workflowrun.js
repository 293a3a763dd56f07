import { call, get, may, withQuery } from "../api.js";
import { announce, badge, doing, facts, failure, fill, h, pending, quiet, section, table, throttled } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, number, tone, took, within, words } from "../format.js";
import { actor, linkTo } from "../places.js";
import { live } from "../stream.js";
import { drawLine, drawValues, mergePatch, readValues, typesOf, valueFields } from "../values.js";
import { trouble } from "./agentrun.js";
import { about, runLinks, throughNames } from "./runs.js";

/** One run of a workflow: where it is, what it waits for, what it did, and what a person can do about it. */
export function workflowRun({ id, signal }) {
    const path = `/v1/workflow-runs/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Workflow run");
    const named = throughNames(signal);
    const load = async () => {
        const questions = withQuery("/v1/approvals", { run_id: id, status: "pending" });
        const [response, asked] = await Promise.all([
            call(path, { signal }), may("approvals:read") ? get(questions, signal) : { data: [] },
        ]);
        const { data: [run] } = await named({ data: [await response.json()] });
        const picture = run.workflow_id && (await (await call(`${path}/diagram`, { signal })).text());
        return { run, etag: response.headers.get("ETag"), asked: asked.data, picture };
    };
    const record = pending(load, (loaded) => {
        const title = [words(loaded.run.name), about(loaded.run.state)].filter(Boolean).join(": ");
        fill(heading, title);
        document.title = `${title} – Bureau`;
        // No event tells that a run sleeps, or stops for a person.
        if (loaded.run.status === "running") setTimeout(lookAgain, 1000);
        return drawRun(loaded, path, () => record.reload());
    }, { signal });
    // What somebody is typing is not drawn away under their hands.
    const isEdited = () => record.querySelector("details[open]") !== null;
    const lookAgain = throttled(1500, () => isEdited() || record.reload(), signal);
    live("workflow_run.*,approval.*,agent_run.*", lookAgain, signal);
    return { title: "Workflow run", content: [heading, runLinks("#/workflow-runs"), record] };
}

const isOver = ({ status }) => ["completed", "failed", "cancelled"].includes(status);

function drawRun({ run, etag, asked, picture }, path, reload) {
    return [
        h("div", { class: "heading" },
            h("p", { class: "badges" }, badge(words(run.status), tone(run.status))),
            runButtons(run, etag, path, reload)),
        trouble(run.error),
        asked.map(({ id, title }) => h("p", { class: "notice warn" }, "Waiting for approval: ",
            linkTo({ type: "approval", id }, title))),
        h("div", { class: "columns even" },
            h("div", {},
                section("Status", {}, facts([
                    ["Current step", run.current.map(words).join(", ")],
                    ...run.timers.map(({ node, due_at }) => [`Waiting until (${words(node)})`, ago(due_at)]),
                    ["Workflow", run.workflow_id
                        ? linkTo({ type: "wfl", id: run.workflow_id }, words(run.name)) : words(run.name)],
                    ["Version", number(run.workflow_version)],
                    ["Started by", actor(run.started_by)],
                    ["Started", ago(run.started_at ?? run.created_at)],
                    ["Ended", run.finished_at && ago(run.finished_at)],
                    ["Duration", run.finished_at && took(run.started_at ?? run.created_at, run.finished_at)],
                    ["Breakpoints", run.breakpoints.map(words).join(", ")],
                    ["Part of", run.parent_id && linkTo({ type: "workflow_run", id: run.parent_id }, "Parent run")],
                    ["Forked from", run.forked_from
                        && linkTo({ type: "workflow_run", id: run.forked_from }, "Original run")],
                ])),
                Object.keys(run.state ?? {}).length > 0 && section("State", {},
                    drawValues(run.state), stateEditor(run, etag, path, reload)),
                signaller(run, path, reload)),
            h("div", {},
                picture && section("Diagram", {}, diagram(picture)),
                section("History", {}, drawHistory(run)))),
    ];
}

/** The picture of a workflow; as an image, nothing in it can run or reach out. */
export function diagram(svg) {
    const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    const image = h("img", { src: source, alt: "Workflow diagram. The list of nodes has the same information." });
    return h("div", { class: "diagram", tabindex: 0, role: "group", "aria-label": "Diagram" }, image);
}

function runButtons(run, etag, path, reload) {
    if (!may("workflows:run")) return null;
    const notice = h("div", { class: "notices" });
    const conflict = ({ status }) => status === 412 && failure(
        { title: "This run has moved on.", detail: "Load its latest state, then try again." },
        reload, "Load latest");
    const button = (label, verb, question) => doing(label, async () => {
        if (question && !confirm(question)) return;
        await call(`${path}/${verb}`, { method: "POST", headers: { "If-Match": etag } });
        announce("Done");
        await reload();
    }, { place: notice, onProblem: (problem) => conflict(problem) || null });
    const again = doing("Retry failed step", async () => {
        await call(`/v1/jobs/${run.job_id}/retry`, { method: "POST" });
        await reload();
    }, { place: notice });
    return h("div", { class: "actions" },
        run.status === "paused" && [button("Resume", "resume"), button("Step", "step")],
        run.status === "failed" && may("jobs:write") && again,
        !isOver(run) && button("Cancel", "cancel", "Cancel this run? It cannot be resumed."),
        notice);
}

/** A form that is opened by a summary saying what it does. */
function folded(summary, ...children) {
    return h("details", { class: "fold" }, h("summary", {}, summary), children);
}

function stateEditor(run, etag, path, reload) {
    if (run.status !== "paused" || !may("workflows:run")) return null;
    const types = typesOf(run.state);
    return folded("Edit state", form(
        {
            action: "Save",
            async submit(entered) {
                const state = mergePatch(run.state, readValues(types, entered));
                await call(path, { method: "PATCH", body: { state }, headers: { "If-Match": etag } });
                announce("Saved");
                await reload();
            },
        },
        valueFields(types, run.state)));
}

function signaller(run, path, reload) {
    if (isOver(run) || !may("workflows:run")) return null;
    return folded("Send a signal", form(
        {
            action: "Send",
            async submit({ name, data }) {
                const body = { name, ...readValues({ data: { type: "object" } }, { data }) };
                await call(`${path}/signal`, { method: "POST", body });
                announce("Sent");
                await reload();
            },
        },
        field("Name", "name", { required: true, hint: "The signal this run waits for. An early one is kept." }),
        field("Data", "data", { control: "textarea", rows: 3, spellcheck: "false", hint: "JSON. Optional." })));
}

function drawHistory({ history }) {
    if (!history.length) return quiet("Not started yet.");
    const row = ({ node, kind, status, attempt, output, error, due_at, started_at, finished_at }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(node), " ", h("span", { class: "quiet" }, within(kind)),
            output !== null && output !== undefined && h("span", { class: "evidence" }, outcome(kind, output)),
            error && h("span", { class: "evidence fault" }, error.detail)),
        h("td", {}, badge(words(status), tone(status)),
            attempt > 1 && h("span", { class: "quiet" }, ` attempt ${number(attempt)}`)),
        h("td", { "data-label": due_at ? "Waiting until" : "Time" }, ago(due_at ?? started_at)),
        h("td", { class: "figure", "data-label": "Duration" }, took(started_at, finished_at)));
    const columns = ["Step", "Status", "Time", { text: "Duration", class: "figure" }];
    return table("Steps of the run, in order", columns, history.map(row), "stacked");
}

/** What came of a step: a person's answer, the question that waits for one, or its output in a line. */
function outcome(kind, output) {
    if (kind !== "approval") return drawLine(output);
    if (output.id) return linkTo({ type: "approval", id: output.id }, "View approval");
    return [words(output.status ?? ""), output.reason && `: ${output.reason}`];
}
