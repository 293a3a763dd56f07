import { call, get, may, withQuery } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";
import { configTab } from "../agents/config.js";
import { decisionsTab, refusalList } from "../agents/decisions.js";
import { experimentsTab } from "../agents/experiments.js";
import { memoryTab, messagesTab } from "../agents/memory.js";
import { scheduleTab, toolsTab } from "../agents/limits.js";
import { agentRunTable } from "../agents/runtable.js";
import { autonomies, health } from "../agents/state.js";
import { purposeOf, titleOf } from "../titles.js";
import { announce, badge, doing, failure, fill, h, pending, quiet, refill, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, within, words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { tabs } from "../../ui/tabs.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** One agent: how it is, what it may do, its settings, decisions, runs and limits. */
export function agent({ name, query, signal }) {
    const path = `/v1/agents/${encodeURIComponent(name)}`;
    const heading = h("h1", {}, words(name));
    const load = async () => {
        const response = await call(path, { signal });
        return { agent: await response.json(), etag: response.headers.get("ETag") };
    };
    const buttons = h("div"), notice = h("div", { class: "notices" });
    let more = null;
    const record = pending(load, ({ agent: one, etag }) => {
        fill(heading, titleOf(one));
        document.title = `${titleOf(one)} – Bureau`;
        refill(buttons, runButtons(one, path, notice, () => record.reload()));
        more ??= moreOf(one, query, signal);
        return [overview(one, path, etag, () => record.reload()), more];
    }, { signal });
    return {
        title: words(name),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/agents" }, t("Agents"))),
            h("div", { class: "heading" }, heading, buttons), notice, record,
        ],
    };
}

/** The tabs are drawn once: a change of its state must not throw away what somebody is reading or typing. */
function moreOf(one, query, signal) {
    const { name } = one;
    const list = [
        { name: "runs", text: t("Runs"), draw: () => runsTab(name, signal) },
        { name: "settings", text: t("Settings"), draw: () => configTab(name, signal) },
        may("decisions:read") && { name: "decisions", text: t("Decisions"), draw: () => decisionsTab(name, signal) },
        { name: "limits", text: t("Schedules and budgets"), draw: () => scheduleTab(name, signal) },
        { name: "tools", text: t("Tools"), draw: () => toolsTab(one, signal) },
        { name: "experiments", text: t("Experiments"), draw: () => experimentsTab(name, signal) },
        may("agent_memory:read") && { name: "memory", text: t("Memory"), draw: () => memoryTab(name, signal) },
        { name: "messages", text: t("Messages"), draw: () => messagesTab(name, signal) },
    ].filter(Boolean);
    return tabs(t("About this agent"), list, {
        opened: query.tab ?? "runs",
        onOpen: (tab) => history.replaceState(null, "", withQuery(`#/agents/${encodeURIComponent(name)}`, { tab })),
    }).element;
}

function runsTab(name, signal) {
    const runs = pending(() => get(withQuery("/v1/agent-runs", { agent: name, limit: 10 }), signal), ({ data }) => {
        if (!data.length) return quiet(t("No runs yet."));
        return [agentRunTable(data, { isOfOne: true }), h("p", { class: "links after" },
            h("a", { href: withQuery("#/runs", { agent: name }) }, t("All runs")))];
    }, { signal });
    live("agent_run.*", () => runs.reload(), signal);
    return h("div", { class: "columns even" }, section(t("Recent runs"), {}, runs),
        may("decisions:read") && section(t("Refused"), {}, refusalList({ agent: name, limit: 8 }, signal)));
}

function runButtons(one, path, notice, reload) {
    if (!may("agents:run") || one.state !== "active") return null;
    const post = async (verb) => (await call(`${path}/${verb}`, { method: "POST" })).json();
    const said = (...text) => fill(notice, h("p", { class: "quiet", ...polite }, text));
    const run = doing(t("Run now"), async () => {
        said(t("Running…"));
        const made = await post("runs?wait=PT10S");
        await reload();
        said(t("Run {status}.", { status: within(made.status) }), " ",
            linkTo({ type: "agent_run", id: made.id }, t("View run")));
    }, { place: notice, class: "primary" });
    const check = doing(t("Check"), async () => {
        const { ok, checks } = await post("check");
        const faults = checks.filter((each) => !each.ok).map(({ name, detail }) => `${words(name)}: ${detail}`);
        if (ok) said(t("The agent is ready to run."));
        else fill(notice, failure({ title: t("The agent is not ready to run."), detail: faults.join(" ") }));
    }, { place: notice });
    const restart = doing(t("Restart"), async () => {
        const { restarted } = await post("restart");
        await reload();
        said(plural(restarted, "{count} run restarted.", "{count} runs restarted."));
    }, { place: notice });
    return h("div", { class: "actions" }, run, check, restart);
}

function overview(one, path, etag, saved) {
    const { state, reason, triggers, name } = one;
    return [
        h("p", {}, purposeOf(one)),
        h("p", { class: "badges" }, health(one), badge(autonomies()[one.autonomy])),
        reason && h("p", { class: "notice warn" }, t("Planned for a later release.")),
        h("div", { class: "columns even" },
            section(t("Status"), {},
                facts([
                    [t("Last run"), ago(one.last_run)],
                    [t("Next run"), state === "active" && ago(one.next_run)],
                    [t("Runs"), number(one.runs)],
                    [t("Success rate"), percent(one.success_rate)],
                    [t("Last error"), one.last_error && words(one.last_error)],
                    [t("Starts"), startsBy(triggers)],
                ]),
                h("p", { class: "links" },
                    may("approvals:read") && h("a", { href: withQuery("#/approvals", { agent: name }) },
                        t("Approvals")),
                    may("alerts:read") && h("a", { href: withQuery("#/alerts", { agent: name }) }, t("Alerts")))),
            may("agents:configure") && section(t("Automatic actions"), {}, editor(one, path, etag, saved))),
    ];
}

/** Tells in words what starts it: schedules stand on their own tab. */
const startsBy = (triggers) => [...new Set(triggers.map(({ type, on }) => ({
    event: t("after: {event}", { event: words(on ?? "event") }), schedule: t("by schedule"), manual: t("by hand"),
    message: t("when asked by another agent"), workflow: t("in workflows"),
})[type] ?? words(type)))].join(", ");

const meanings = () => ({
    observe: t("It decides and says so; nothing else happens."),
    approve: t("Each action waits under Approvals, with a preview and its reason."),
    autopilot: t("It acts at once, within its budget and its tools; the audit log has it all."),
});

function editor(one, path, etag, saved) {
    const isHeldBack = one.reason !== null;
    const states = [
        !isHeldBack && ["active", t("On")], ["standby", t("On standby")], ["disabled", t("Off")],
    ].filter(Boolean);
    const element = controlForm({
        isPrimary: false, values: one, fields: [
            { name: "state", label: t("State"), type: "choice", required: true, options: states,
                help: isHeldBack ? t("The agent can be switched on once its requirements are met.") : null },
            { name: "autonomy", label: t("Autonomy"), type: "choice", required: true,
                options: Object.entries(autonomies()), help: meanings()[one.autonomy] },
        ],
        more: [
            { name: "runs_per_hour", label: t("Runs an hour at most"), type: "number", isWhole: true,
                help: t("More wait for their turn. Empty: any number.") },
            { name: "deadline", label: t("Longest time of a run"), type: "duration",
                help: t("One that takes longer is ended and tried again.") },
        ],
        async save({ changed, notice }) {
            if (!Object.keys(changed).length) return announce(t("No changes to save"));
            try {
                await call(path, { method: "PATCH", body: changed, headers: { "If-Match": etag } });
            } catch (problem) {
                if (problem.status !== 412) throw problem;
                const detail = t("Someone else changed this agent after you opened it.");
                return fill(notice, failure({ title: t("Not saved."), detail }, saved, t("Load latest")));
            }
            toast(t("Agent saved"));
            await saved();
        },
    });
    element.querySelector("[name=autonomy]").addEventListener("change", ({ target }) =>
        fill(element.querySelector("[data-name=autonomy] .hint"), meanings()[target.value]));
    return element;
}
