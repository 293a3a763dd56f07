import { call, get, may, tenant, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { actor } from "../readable.js";
import { named } from "../records/naming.js";
import { live } from "../stream.js";
import { choiceInWords } from "../reasons.js";
import { drawLine, drawValue, drawValues } from "../values.js";
import { decisionList, nameOf, refusalList } from "../agents/decisions.js";
import { trouble } from "../agents/runtable.js";
import { badge, doing, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { took } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { statusBadge, tone } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** One run of an agent: what it did, decided, asked for and was refused, and its steps. */
export function agentRun({ id, signal }) {
    const path = `/v1/agent-runs/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, t("Agent run"));
    let beside = null;
    const load = async () => {
        const [run, trace] = await Promise.all([get(path, signal), get(`${path}/trace`, signal)]);
        return { run, trace };
    };
    const record = pending(load, (loaded) => {
        fill(heading, words(loaded.run.agent), " ", h("span", { class: "quiet" }, ago(loaded.run.created_at)));
        document.title = `${words(loaded.run.agent)} – ${t("Run")} – Bureau`;
        beside ??= whatItDid(loaded.run, signal);
        return drawRun(loaded, path, beside, () => record.reload());
    }, { signal });
    live("agent_run.*", () => record.reload(), signal);
    return {
        title: t("Run"),
        content: [h("p", { class: "links" }, h("a", { href: "#/runs" }, t("Agent runs"))), heading, record],
    };
}

function drawRun({ run, trace }, path, beside, reload) {
    const { status, agent } = run;
    const isLive = ["queued", "running", "waiting"].includes(status);
    const notice = h("div", { class: "notices" });
    const button = (label, verb) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST" });
        await reload();
    }, { place: notice });
    const starter = run.started_by.type === "user" ? named("users", run.started_by.id, actor(run.started_by))
        : run.started_by.type === "agent" ? words(run.trigger) : actor(run.started_by);
    return [
        h("div", { class: "heading" },
            h("p", { class: "badges" }, statusBadge(status),
                run.items_processed > 0 && badge(plural(run.items_processed, "{count} item", "{count} items"))),
            may("agents:run") && h("div", { class: "actions" },
                isLive && button(t("Cancel run"), "cancel"),
                ["failed", "cancelled"].includes(status) && button(t("Run again"), "retry"))),
        notice,
        trouble(run.error),
        h("div", { class: "columns even" },
            h("div", {},
                section(t("Details"), {}, facts([
                    [t("Agent"), linkTo({ type: "agent", id: agent })],
                    [t("Started by"), starter],
                    [t("Occasion"), words(run.trigger)],
                    [t("Started"), ago(run.started_at ?? run.created_at)],
                    [t("Duration"), took(run.started_at, run.finished_at)],
                    [t("Attempt"), run.attempt > 1 && number(run.attempt)],
                    [t("Settings"), run.config_version !== null && t("Version {number}",
                        { number: number(run.config_version) })],
                    [t("Cost"), trace.cost > 0 && money({ amount: trace.cost, currency: tenant().currency ?? "USD" })],
                    [t("Tokens"), trace.tokens > 0 && number(trace.tokens)],
                ])),
                Object.keys(run.parameters).length > 0 && section(t("What it was given"), {},
                    drawValues(run.parameters)),
                run.result !== null && section(t("Result"), {},
                    run.result?.constructor === Object ? drawValues(run.result) : h("p", {}, drawValue(run.result))),
                section(t("Steps"), {}, drawSteps(trace.steps))),
            h("div", {}, beside)),
    ];
}

/** Read once for a run: what it decided, did, asked for, and what was refused. */
function whatItDid({ id }, signal) {
    return [
        may("decisions:read") && section(t("Decided"), {}, decisionList({ run_id: id }, signal,
            { nothing: t("It decided nothing.") })),
        may("tools:read") && section(t("Did"), {}, pending(
            () => get(withQuery("/v1/tool-calls", { run_id: id, limit: 50 }), signal), drawCalls, { signal })),
        may("approvals:read") && section(t("Would do, if you approve"), {}, pending(
            () => get(withQuery("/v1/approvals", { run_id: id, limit: 20 }), signal), drawApprovals, { signal })),
        may("decisions:read") && section(t("Refused"), {}, refusalList({ run_id: id }, signal)),
    ];
}

const states = () => ({
    observed: t("Would have done it: it only observes"), captured: t("Kept in the sandbox"), held: t("Under way"),
    abandoned: t("Given up"), unknown: t("Outcome unknown"),
});

function drawCalls({ data }) {
    if (!data.length) return quiet(t("It changed and sent nothing."));
    return h("ul", { class: "papers" }, data.map((one) => h("li", {},
        h("p", {}, h("strong", {}, words(one.tool)), " ", badge(states()[one.state] ?? words(one.state),
            tone(one.state))),
        quiet(one.subject && [nameOf(one.subject), ", "], ago(one.created_at)),
        one.why?.detail && h("p", {}, choiceInWords(one.why)),
        one.error && h("p", { class: "fault" }, whyNot(one.error)))));
}

function drawApprovals({ data }) {
    if (!data.length) return quiet(t("It asked for nothing."));
    return h("ul", { class: "papers" }, data.map((one) => h("li", {},
        h("p", {}, linkTo({ type: "approval", id: one.id }, one.title), " ", statusBadge(one.status)),
        one.reason && quiet(one.reason))));
}

function drawSteps(steps) {
    if (!steps.length) return quiet(t("No steps recorded."));
    const hasRetried = steps.some(({ attempt }) => attempt > 1);
    const row = ({ name, attempt, started_at: start, finished_at: end, note, error }) => h("tr", {},
        h("th", { scope: "row" }, words(name),
            note !== null && h("span", { class: "evidence" }, drawLine(note)),
            error && h("span", { class: "evidence fault" }, error)),
        hasRetried && cell(t("Attempt"), number(attempt)),
        cell(t("Duration"), took(start, end)));
    const columns = [t("Step"), ...(hasRetried ? [figure(t("Attempt"))] : []), figure(t("Duration"))];
    return table(t("Steps of the run"), columns, steps.map(row), "stacked");
}
