import { call, get, may, tenant, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { readable } from "../readable.js";
import { told } from "../sentences.js";
import { scheduleName, titleOf } from "../titles.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { badge, doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago, instantIn } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { hoursFields } from "./parts.js";
import { cronInWords, when } from "./when.js";
import { timeZones } from "./world.js";

const path = (id) => `/v1/schedules/${encodeURIComponent(id)}`;

/** Puts the server's sentence into words, with names in the place of agents' codes. */
const inWords = (sentence) => readable(told(sentence));

/** When agents work by themselves: the schedules, where they meet, and what the orchestrator would change. */
export function schedules({ id, query, signal }) {
    if (id && id !== "new") return oneSchedule(id, signal);
    const list = pending(() => ofBuilt(query.agent, signal),
        (data) => (
        data.length ? table(t("Schedules"), [t("Schedule"), t("Agent"), t("When"), t("Next"), ""],
            data.map((one) => row(one, reload)), "stacked") : quiet(t("No agent works by a schedule yet."))),
                { signal });
    const conflicts = pending(() => get("/v1/schedules/conflicts", signal), ({ data }) => data.length > 0 && section(
        t("Conflicts in the next week"), {}, h("ul", {}, data.map(({ detail, suggestion, count, first_at: first }) =>
            h("li", {}, inWords(detail), " ", suggestion && [inWords(suggestion), " "], h("span", { class: "quiet" },
                pieces("{count} times, first {when}", { count: number(count), when: ago(first) })))))), { signal });
    const proposals = pending(() => get("/v1/schedules/proposals", signal),
        ({ data }) => drawProposals(data.filter(({ status }) => status === "open"), reload), { signal });
    const reload = () => Promise.all([list.reload(), conflicts.reload(), proposals.reload()]);
    if (id === "new") setTimeout(() => make(reload));
    return [
        may("schedules:write") && h("div", { class: "actions lead" }, h("button", { type: "button", class: "primary",
            "data-key": "n", onclick: () => make(reload) }, t("New schedule"))),
        proposals, list, conflicts,
    ];
}

/** The schedules of the agents that there are: some are planned for later, and so are theirs. */
async function ofBuilt(agent, signal) {
    const [schedules, agents] = await Promise.all([
        get(withQuery("/v1/schedules", { limit: 200, agent }), signal),
        may("agents:read") ? get("/v1/agents?limit=200", signal) : { data: [] },
    ]);
    const planned = new Set(agents.data.filter(({ reason }) => reason !== null).map(({ name }) => name));
    return schedules.data.filter((one) => !planned.has(one.agent));
}

function row(one, reload) {
    const { id, name, agent, cron, time_zone: zone, next_fires: next, enabled } = one;
    return h("tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/settings/schedules/${encodeURIComponent(id)}` },
            scheduleName({ name, agent })),
            !enabled && [" ", badge(t("Paused"), "warn")], one.warnings?.map(({ detail }) =>
                h("span", { class: "evidence" }, inWords(detail)))),
        h("td", { "data-label": t("Agent") }, linkTo({ type: "agent", id: agent })),
        h("td", { "data-label": t("When") }, cronInWords(cron), zone !== tenant().time_zone && ` (${zone})`),
        h("td", { "data-label": t("Next") }, enabled && next?.[0] ? ago(next[0]) : "–"),
        h("td", { class: "row-menu" }, may("schedules:write") && menuButton(t("Change"), () => actionsOf(one, reload),
            { class: "small", ...spokenAs(t("Change {name}", { name: scheduleName({ name, agent }) })) })));
}

const actionsOf = (one, reload) => [
    may("agents:run") && { text: t("Run now"), run: () => runNow(one) },
    { text: one.enabled ? t("Pause") : t("Resume"), run: () => attempt(async () => {
        await call(path(one.id), { method: "PATCH", body: { enabled: !one.enabled } });
        toast(one.enabled ? t("Schedule paused") : t("Schedule resumed"));
        await reload();
    }) },
    { text: t("Edit schedule"), run: () => edit(one, reload) },
    { text: t("Delete"), run: () => remove(one, reload) },
].filter(Boolean);

async function attempt(action) {
    try {
        await action();
    } catch (problem) {
        alarm(t("Not changed: {why}", { why: whyNot(problem) }));
    }
}

const runNow = ({ agent, parameters }) => attempt(async () => {
    const run = await (await call(`/v1/agents/${encodeURIComponent(agent)}/runs`,
        { method: "POST", body: { parameters } })).json();
    toast(t("{agent} is running", { agent: words(agent) }), { text: t("Open run"), href: `#/runs/${run.id}` });
});

async function remove(one, reload) {
    const isMeant = await confirm({ title: t("Delete schedule?"), action: t("Delete"), isGrave: true,
        text: t("{agent} does not start by itself at these times any more.", { agent: words(one.agent) }) });
    if (!isMeant) return;
    await attempt(async () => {
        await call(path(one.id), { method: "DELETE" });
        toast(t("Schedule deleted"));
        if (location.hash !== "#/settings/schedules") location.hash = "/settings/schedules";
        else await reload();
    });
}

const fields = (agents) => [
    agents && { name: "agent", label: t("Agent"), type: "choice", required: true,
        options: agents.map((one) => [one.name, titleOf(one)]) },
    { name: "name", label: t("Name"), help: t("What it is for.") },
    { name: "cron", label: t("When"), type: "custom", draw: when },
].filter(Boolean);

const rare = () => [
    { name: "time_zone", label: t("Time zone"), type: "choice", required: true,
        options: timeZones(tenant().time_zone) },
    { name: "missed", label: t("If a time was missed"), type: "choice", default: "run_once", required: true,
        options: [["run_once", t("Run once, as soon as possible")], ["skip", t("Skip it")]] },
    { name: "catch_up", label: t("Make up for it within"), type: "duration", default: "PT24H" },
    { name: "jitter", label: t("Spread the start over"), type: "duration", default: "PT0S" },
    { name: "maintenance", label: t("Runs during maintenance, too"), type: "yes" },
    { name: "blackouts", label: t("Never between"), type: "rows", item: t("Pause"), fields: hoursFields() },
];

async function make(reload) {
    const { data } = await get("/v1/agents?limit=200&fields=name,title,reason");
    ask({
        title: t("New schedule"), wide: true, told: t("Schedule created"), onSaved: reload,
        fields: fields(data.filter(({ reason }) => !reason)), more: rare(), values: { time_zone: tenant().time_zone },
        async save({ values }) {
            const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
            await call("/v1/schedules", { method: "POST", body });
        },
        onClose: () => location.hash.endsWith("/new") && history.replaceState(null, "", "#/settings/schedules"),
    });
}

function edit(one, onSaved) {
    ask({
        title: t("Edit schedule"), wide: true, told: t("Schedule saved"), onSaved, values: one, fields: fields(null),
        more: rare(),
        async save({ changed }) {
            await call(path(one.id), { method: "PATCH", body: changed, headers: { "If-Match": `"${one.version}"` } });
        },
    });
}

/** One schedule: when it fires next, and what came of the last times. */
function oneSchedule(id, signal) {
    const load = () => Promise.all([get(path(id), signal), get(`${path(id)}/fires?limit=20`, signal)]);
    const place = pending(load, ([one, fires]) => {
        const trouble = h("div");
        const toggle = actionsOf(one, place.reload).find(({ text }) => [t("Pause"), t("Resume")].includes(text));
        return [
            h("p", { class: "links" }, h("a", { href: "#/settings/schedules" }, t("Schedules"))),
            h("div", { class: "heading" }, h("h2", {}, scheduleName(one)),
                may("schedules:write") && h("div", { class: "actions" },
                    doing(t("Run now"), () => runNow(one), { place: trouble }),
                    doing(toggle.text, toggle.run, { place: trouble }),
                    h("button", { type: "button", onclick: () => edit(one, place.reload) }, t("Edit")),
                    menuButton(t("More"), () => [{ text: t("Delete"), run: () => remove(one, place.reload) }]))),
                        trouble,
            h("p", { class: "badges" }, badge(one.enabled ? t("On") : t("Paused"), one.enabled ? "good" : "warn")),
            section(t("Details"), {}, facts([
                [t("Agent"), linkTo({ type: "agent", id: one.agent })], [t("When"), cronInWords(one.cron)],
                [t("Time zone"), one.time_zone],
                [t("If a time was missed"), one.missed === "skip" ? t("Skip it") : t("Run once, as soon as possible")],
            ])),
            section(t("Next times"), {}, one.enabled ? h("ul", { class: "plain columns-list" },
                one.next_fires.map((instant) => h("li", {}, instantIn(instant, one.time_zone)))) : quiet(t("Paused."))),
            section(t("Last times"), {}, fires.data.length === 0 ? quiet(t("It has not fired yet."))
                : table(t("Last times"),
                [t("Time"), t("What came of it")], fires.data.map((fire) => h("tr", {},
                    h("th", { scope: "row" }, ago(fire.slot)), h("td", {}, fire.run_id
                        ? linkTo({ type: "agent_run", id: fire.run_id }, t("Open run"))
                        : fire.skipped ? words(fire.skipped) : "–"))))),
        ];
    }, { signal });
    return place;
}

function drawProposals(open, reload) {
    if (!open.length) return null;
    const trouble = h("div");
    const decide = (label, one, verb) => doing(label, async () => {
        await call(`${path(one.id)}/proposal/${verb}`, { method: "POST" });
        toast(verb === "accept" ? t("Schedule changed") : t("Proposal declined"));
        await reload();
    }, { place: trouble, class: "small" });
    return section(t("Proposed changes"), {}, trouble, open.map((one) => h("article", {},
        h("p", {}, h("strong", {}, words(one.agent)), ": ", inWords(one.reason), " ", one.changes?.cron
            && cronInWords(one.changes.cron)),
        may("schedules:write") && h("div", { class: "actions" }, decide(t("Accept change"), one, "accept"),
            decide(t("Decline"), one, "decline")))));
}
