import { call, get, may, withQuery } from "../api.js";
import { announce, doing, facts, failure, fill, h, pending, quiet, refill, section, table } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, number, percent, within, words } from "../format.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";
import { autonomies, health } from "./agents.js";
import { agentRunTable } from "./runs.js";

/** One agent: its status, its permissions, its runs, and the actions that were refused. */
export function agent({ name, signal }) {
    const path = `/v1/agents/${encodeURIComponent(name)}`;
    const heading = h("h1", {}, words(name));
    const load = async () => {
        const response = await call(path, { signal });
        return { agent: await response.json(), etag: response.headers.get("ETag") };
    };
    const listed = (of, query) => () => get(withQuery(of, { agent: name, limit: 8, ...query }), signal);
    const record = pending(load, ({ agent, etag }) => {
        fill(heading, agent.title);
        document.title = `${agent.title} – Bureau`;
        aside.hidden = false;
        refill(buttons, runButtons(agent, path, notice, reloadAll));
        return drawAgent(agent, path, etag, () => record.reload());
    }, { signal });
    const runs = pending(listed("/v1/agent-runs"), drawRuns(name), { signal });
    const refusals = may("decisions:read") && pending(listed("/v1/refusals"), drawRefusals, { signal });
    const reloadAll = () => Promise.all([record.reload(), runs.reload()]);
    const buttons = h("div"), notice = h("div", { class: "notices" });
    const aside = h("div", { hidden: true },
        section("Recent runs", {}, runs),
        refusals && section("Refused actions", {}, refusals));
    // Its form is left alone while somebody is at it: only the runs are kept up.
    live("agent_run.*", () => runs.reload(), signal);
    return {
        title: words(name),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/agents" }, "Agents")),
            h("div", { class: "heading" }, heading, buttons),
            h("div", { class: "columns even" }, h("div", {}, record), aside),
        ],
    };
}

function runButtons(agent, path, notice, reloadAll) {
    if (!may("agents:run") || agent.state !== "active") return null;
    const post = async (verb) => (await call(`${path}/${verb}`, { method: "POST" })).json();
    const said = (...text) => fill(notice, h("p", { class: "quiet", role: "status" }, text));
    const run = doing("Run now", async () => {
        said("Running…");
        const run = await post("runs?wait=PT10S");
        await reloadAll();
        said(`Run ${within(run.status)}. `, linkTo({ type: "agent_run", id: run.id }, "View run"));
    }, { place: notice });
    const check = doing("Check", async () => {
        const { ok, checks } = await post("check");
        const faults = checks.filter((one) => !one.ok).map(({ name, detail }) => `${words(name)}: ${detail}`);
        if (ok) said("The agent is ready to run.");
        else fill(notice, failure({ title: "The agent is not ready to run.", detail: faults.join(" ") }));
    }, { place: notice });
    const restart = doing("Restart", async () => {
        const { restarted } = await post("restart");
        await reloadAll();
        said(restarted === 1 ? "1 run restarted." : `${number(restarted)} runs restarted.`);
    }, { place: notice });
    return h("div", { class: "actions" }, run, check, restart, notice);
}

function drawAgent(agent, path, etag, saved) {
    const { state, reason, triggers, tools, permissions, name } = agent;
    const codes = (list) => list.length > 0 && list.flatMap((code) => [h("code", {}, code), " "]);
    const links = [
        may("approvals:read") && h("a", { href: withQuery("#/approvals", { agent: name }) }, "Approvals"),
        may("alerts:read") && h("a", { href: withQuery("#/alerts", { agent: name }) }, "Alerts"),
        may("budgets:read") && h("a", { href: "#/budgets" }, "Budgets"),
    ];
    return [
        h("p", {}, agent.purpose),
        h("p", { class: "badges" }, health(agent)),
        reason && h("p", { class: "notice warn" }, "On standby: ", reason),
        section("Status", {},
            facts([
                ["Last run", ago(agent.last_run)],
                ["Next run", state === "active" && ago(agent.next_run)],
                ["Runs", number(agent.runs)],
                ["Success rate", percent(agent.success_rate)],
                ["Last error", agent.last_error && words(agent.last_error)],
                ["Autonomy", autonomies[agent.autonomy]],
                ["Triggers", startsBy(triggers)],
                ["Tools", codes(tools)],
                ["Permissions", codes(permissions)],
            ]),
            h("p", { class: "links" }, links)),
        may("agents:configure") && section("Settings", {}, editor(agent, path, etag, saved)),
    ];
}

const startsBy = (triggers) =>
    [...new Set(triggers.map(({ type, on }) => (on ? `${words(type)} ${on}` : words(type))))].join(", ");

function editor(agent, path, etag, saved) {
    const isHeldBack = agent.reason !== null;
    const states = [
        !isHeldBack && ["active", "Active"], ["standby", "Standby"], ["disabled", "Disabled"],
    ].filter(Boolean);
    return form(
        {
            action: "Save",
            async submit(entered) {
                const changes = Object.fromEntries(
                    Object.entries(entered).filter(([name, value]) => value !== agent[name]));
                if (!Object.keys(changes).length) return announce("No changes to save");
                await call(path, { method: "PATCH", body: changes, headers: { "If-Match": etag } });
                announce("Saved");
                await saved();
            },
            onProblem(problem, notice) {
                if (problem.status !== 412) return false;
                const detail = "Someone else changed this agent after you opened it.";
                fill(notice, failure({ title: "Not saved.", detail }, saved, "Load latest"));
                return true;
            },
        },
        field("State", "state", {
            control: "select", value: agent.state, options: states,
            hint: isHeldBack ? "The agent can be activated once its requirements are met." : undefined,
        }),
        field("Autonomy", "autonomy", {
            control: "select", value: agent.autonomy, options: Object.entries(autonomies),
            hint: "Actions that need approval appear under Approvals, each with a preview and a reason.",
        }));
}

const drawRuns = (name) => ({ data }) => {
    if (!data.length) return quiet("No runs yet.");
    const all = h("p", { class: "links" }, h("a", { href: withQuery("#/runs", { agent: name }) }, "All runs"));
    return [agentRunTable(data, { isOfOne: true }), all];
};

function drawRefusals({ data }) {
    if (!data.length) return quiet("No refused actions.");
    const row = ({ subject, code, detail, count, updated_at }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(code), h("span", { class: "evidence" }, detail)),
        h("td", { "data-label": "Related to" }, linkTo(subject)),
        h("td", { class: "figure", "data-label": "Times" }, number(count)),
        h("td", {}, ago(updated_at)));
    const columns = ["Reason", "Related to", { text: "Times", class: "figure" }, "Last"];
    return table("Refused actions", columns, data.map(row), "stacked");
}
