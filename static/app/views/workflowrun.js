import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { actor } from "../readable.js";
import { live } from "../stream.js";
import { drawLine, drawValues, mergePatch, typesOf } from "../values.js";
import { diagram } from "../agents/diagram.js";
import { about, runLinks, throughNames, trouble } from "../agents/runtable.js";
import { startFields } from "../agents/workflowinput.js";
import { stepList } from "../agents/workflowsteps.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { announce, badge, doing, failure, fill, h, pending, quiet, section, throttled, whyNot } from "../../ui/dom.js";
import { took } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** One run of a workflow: where it is, what it waits for, what it did, and what a person can do about it. */
export function workflowRun({ id, signal }) {
    const path = `/v1/workflow-runs/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, t("Workflow run"));
    const named = throughNames(signal);
    const load = async () => {
        const questions = withQuery("/v1/approvals", { run_id: id, status: "pending" });
        const [response, asked] = await Promise.all([
            call(path, { signal }), may("approvals:read") ? get(questions, signal) : { data: [] },
        ]);
        const { data: [run] } = await named({ data: [await response.json()] });
        const [picture, definition] = await Promise.all([
            run.workflow_id && call(`${path}/diagram`, { signal }).then((answer) => answer.text()),
            run.workflow_id && get(`/v1/workflows/${encodeURIComponent(run.workflow_id)}`, signal).catch(() => null)]);
        return { run, etag: response.headers.get("ETag"), asked: asked.data, picture, definition };
    };
    const record = pending(load, (loaded) => {
        const title = [words(loaded.run.name), about(loaded.run.state)].filter(Boolean).join(": ");
        fill(heading, title);
        document.title = `${title} – Bureau`;
        // No event tells that a run sleeps, or stops for a person.
        if (loaded.run.status === "running") setTimeout(lookAgain, 1000);
        return drawRun(loaded, path, () => record.reload());
    }, { signal });
    // A dialog that somebody is typing in is not drawn away under their hands.
    const lookAgain = throttled(1500, () => document.querySelector("dialog[open]") || record.reload(), signal);
    live("workflow_run.*,approval.*,agent_run.*", lookAgain, signal);
    return { title: t("Workflow run"), content: [heading, runLinks("#/workflow-runs"), record] };
}

const isOver = ({ status }) => ["completed", "failed", "cancelled"].includes(status);

function drawRun({ run, etag, asked, picture, definition }, path, reload) {
    const told = historyByNode(run);
    return [
        h("div", { class: "heading" },
            h("p", { class: "badges" }, statusBadge(run.status)),
            runButtons(run, etag, path, reload)),
        trouble(run.error),
        asked.map(({ id, title }) => h("p", { class: "notice warn" }, t("Waiting for approval:"), " ",
            linkTo({ type: "approval", id }, title))),
        h("div", { class: "columns even" },
            h("div", {},
                section(t("Steps"), {}, definition ? stepList(definition, told) : drawHistory(run),
                    definition && run.history.length > 0 && h("details", { class: "fold" },
                        h("summary", {}, t("In the order in which they happened")), drawHistory(run, path, reload)))),
            h("div", {},
                section(t("Status"), {}, facts([
                    [t("Current step"), run.current.map(words).join(", ")],
                    ...run.timers.map(({ node, due_at: due }) => [t("Waiting until"), [ago(due), ` (${words(node)})`]]),
                    [t("Workflow"), run.workflow_id
                        ? linkTo({ type: "wfl", id: run.workflow_id }, words(run.name)) : words(run.name)],
                    [t("Version"), number(run.workflow_version)],
                    [t("Started by"), actor(run.started_by)],
                    [t("About"), run.subject && linkTo(run.subject, words(run.subject.type))],
                    [t("Started"), ago(run.started_at ?? run.created_at)],
                    [t("Ended"), run.finished_at && ago(run.finished_at)],
                    [t("Duration"), run.finished_at && took(run.started_at ?? run.created_at, run.finished_at)],
                    [t("Pauses before"), run.breakpoints.map(words).join(", ")],
                    [t("Part of"), run.parent_id && linkTo({ type: "workflow_run", id: run.parent_id },
                        t("Parent run"))],
                    [t("Begun again from"), run.forked_from
                        && linkTo({ type: "workflow_run", id: run.forked_from }, t("Original run"))],
                ])),
                Object.keys(run.state ?? {}).length > 0 && section(t("What it knows"), {}, drawValues(run.state)),
                picture && section(t("Diagram"), {}, diagram(picture)))),
    ];
}

/** Tells how far each step has come: the tone of its number, and what there is to say about it. */
function historyByNode({ history, current }) {
    const found = new Map();
    for (const one of history) {
        const toned = { completed: "good", succeeded: "good", failed: "bad", dead: "bad" }[one.status] ?? "warn";
        found.set(one.node, [toned, h("p", { class: "badges" }, statusBadge(one.status),
            one.attempt > 1 && badge(t("Attempt {number}", { number: number(one.attempt) })), ago(one.finished_at
                ?? one.due_at ?? one.started_at)),
        one.error && h("p", { class: "fault" }, whyNot(one.error))]);
    }
    for (const node of current) if (!found.has(node)) found.set(node, ["warn", badge(t("Now"), "warn")]);
    return found;
}

function runButtons(run, etag, path, reload) {
    if (!may("workflows:run")) return null;
    const notice = h("div", { class: "notices" });
    const conflict = ({ status }) => status === 412 && failure(
        { title: t("This run has moved on."), detail: t("Load its latest state, then try again.") },
        reload, t("Load latest"));
    const button = (label, verb, question) => doing(label, async () => {
        if (question && !await confirm(question)) return;
        await call(`${path}/${verb}`, { method: "POST", headers: { "If-Match": etag } });
        announce(t("Done"));
        await reload();
    }, { place: notice, onProblem: (problem) => conflict(problem) || null });
    const again = doing(t("Retry failed step"), async () => {
        await call(`/v1/jobs/${run.job_id}/retry`, { method: "POST" });
        await reload();
    }, { place: notice });
    return h("div", { class: "actions" },
        run.status === "paused" && [button(t("Resume run"), "resume"), button(t("Do one step"), "step")],
        run.status === "failed" && may("jobs:write") && again,
        !isOver(run) && button(t("Cancel run"), "cancel", { title: t("Cancel this run?"), action: t("Cancel run"),
            isGrave: true, text: t("It cannot be taken up again. What it has done stays done.") }),
        !isOver(run) && menuButton(t("More"), () => [
            { text: t("Send a signal"), run: () => signal(run, path, reload) },
            run.status === "paused" && { text: t("Change what it knows"), run: () => changeState(run, etag, path,
                reload) },
        ]),
        notice);
}

function changeState(run, etag, path, onSaved) {
    const declared = Object.fromEntries(Object.entries(typesOf(run.state)).map(([name, one]) =>
        [name, one.type === "any" ? { type: "string" } : one]));
    ask({ title: t("Change what it knows"), fields: startFields(declared), values: run.state, strip: "/state",
        told: t("Saved"), onSaved, async save({ values }) {
            const body = { state: mergePatch(run.state, { ...run.state, ...values }) };
            await call(path, { method: "PATCH", body, headers: { "If-Match": etag } });
        } });
}

function signal(run, path, onSaved) {
    ask({ title: t("Send a signal"), action: t("Send"), told: t("Signal sent"), onSaved, fields: [
        { name: "name", label: t("Name"), required: true, help: t("What this run waits for. An early one is kept.") },
        { name: "data", label: t("What it brings"), type: "map", item: t("Value"), of: { label: t("Value") } },
    ], async save({ values: { name, data } }) {
        await call(`${path}/signal`, { method: "POST", body: { name, ...(Object.keys(data).length && { data }) } });
    } });
}

function drawHistory({ history }, path, reload) {
    if (!history.length) return quiet(t("Not started yet."));
    const item = (one) => h("li", {},
        h("p", {}, h("strong", {}, words(one.node)), " ", statusBadge(one.status)),
        quiet(ago(one.due_at ?? one.started_at), ", ", took(one.started_at, one.finished_at)),
        one.output !== null && one.output !== undefined && h("p", {}, outcome(one.kind, one.output)),
        one.error && h("p", { class: "fault" }, whyNot(one.error)),
        path && may("workflows:run") && h("button", { type: "button", class: "small", ...spokenAs(pair(
            t("Begin again from here"), words(one.node))), onclick: () => fork(one, path) },
                t("Begin again from here")));
    return h("ul", { class: "papers" }, history.map(item));
}

async function fork({ id, node }, path) {
    const isMeant = await confirm({ title: t("Begin again from here?"), action: t("Begin again"),
        text: t("A new run starts before the step {step}. This one stays as it is.", { step: words(node) }) });
    if (!isMeant) return;
    try {
        const made = await (await call(`${path}/fork`, { method: "POST", body: { from: id } })).json();
        location.hash = `/workflow-runs/${made.id}`;
    } catch (problem) {
        alarm(whyNot(problem));
    }
}

/** Tells a step's outcome: a person's answer, the question that waits for one, or its output in a line. */
function outcome(kind, output) {
    if (kind !== "approval") return drawLine(output);
    if (output.id) return linkTo({ type: "approval", id: output.id }, t("View approval"));
    return [words(output.status ?? ""), output.reason && `: ${output.reason}`];
}
