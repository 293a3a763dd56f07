import { call, get, may, tenant } from "../api.js";
import { badge, doing, facts, h, pending, quiet, section, table } from "../dom.js";
import { ago, money, number, tone, took, words } from "../format.js";
import { actor, linkTo } from "../places.js";
import { live } from "../stream.js";
import { drawLine, drawValue, drawValues } from "../values.js";

/** One run of an agent: its parameters, its steps and its result. */
export function agentRun({ id, signal }) {
    const path = `/v1/agent-runs/${encodeURIComponent(id)}`;
    const load = async () => {
        const [run, trace] = await Promise.all([get(path, signal), get(`${path}/trace`, signal)]);
        return { run, trace };
    };
    const record = pending(load, (loaded) => drawRun(loaded, path, () => record.reload()), { signal });
    live("agent_run.*", () => record.reload(), signal);
    return {
        title: "Run",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/runs" }, "Agent runs")), h("h1", {}, "Agent run"),
            record,
        ],
    };
}

/** What ended a run or a step, and what a person should do about it. */
export function trouble(error) {
    if (!error) return null;
    return h(
        "div", { class: "notice bad" },
        h("p", {}, h("strong", {}, words(error.code ?? "failed")), error.reference && ` (${error.reference})`, ". ",
            error.detail),
        error.recommended_action && h("p", {}, h("strong", {}, "What to do: "), error.recommended_action));
}

function drawRun({ run, trace }, path, reload) {
    const { status, agent } = run;
    const isLive = ["queued", "running", "waiting"].includes(status);
    const notice = h("div", { class: "notices" });
    const button = (label, verb) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST" });
        await reload();
    }, { place: notice });
    return [
        h("div", { class: "heading" },
            h("p", { class: "badges" }, badge(words(status), tone(status))),
            may("agents:run") && h("div", { class: "actions" },
                isLive && button("Cancel", "cancel"),
                ["failed", "cancelled"].includes(status) && button("Run again", "retry"))),
        notice,
        trouble(run.error),
        h("div", { class: "columns even" },
            h("div", {},
                section("Details", {}, facts([
                    ["Agent", linkTo({ type: "agent", id: agent })],
                    ["Started by", run.started_by.type === "agent" ? words(run.trigger) : actor(run.started_by)],
                    ["Trigger", words(run.trigger)],
                    ["Started", ago(run.started_at ?? run.created_at)],
                    ["Duration", took(run.started_at, run.finished_at)],
                    ["Attempt", number(run.attempt)],
                    ["Configuration", run.config_version !== null && `Version ${run.config_version}`],
                    ["Items processed", number(run.items_processed)],
                    ["Decisions", run.decisions.length > 0 && number(run.decisions.length)],
                    ["Cost", trace.cost > 0 && money({ amount: trace.cost, currency: tenant().currency ?? "USD" })],
                    ["Tokens", trace.tokens > 0 && number(trace.tokens)],
                ])),
                Object.keys(run.parameters).length > 0 && section("Parameters", {}, drawValues(run.parameters)),
                run.result !== null && section("Result", {},
                    run.result?.constructor === Object ? drawValues(run.result) : h("p", {}, drawValue(run.result)))),
            section("Steps", {}, drawSteps(trace.steps))),
    ];
}

function drawSteps(steps) {
    if (!steps.length) return quiet("No steps recorded.");
    const hasRetried = steps.some(({ attempt }) => attempt > 1);
    const row = ({ name, attempt, started_at, finished_at, note, error }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(name),
            note !== null && h("span", { class: "evidence" }, drawLine(note)),
            error && h("span", { class: "evidence fault" }, error)),
        hasRetried && h("td", { class: "figure", "data-label": "Attempt" }, number(attempt)),
        h("td", { class: "figure", "data-label": "Duration" }, took(started_at, finished_at)));
    const figure = (text) => ({ text, class: "figure" });
    const columns = ["Step", ...(hasRetried ? [figure("Attempt")] : []), figure("Duration")];
    return table("Steps of the run", columns, steps.map(row), "stacked");
}
