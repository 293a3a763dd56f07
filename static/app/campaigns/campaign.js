import { get, withQuery } from "../api.js";
import { today } from "../calendar/days.js";
import { ask, asked, operate } from "../records/ask.js";
import { paceBar } from "../../ui/bar.js";
import { dialog } from "../../ui/dialog.js";
import { badge, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

const cells = (...values) => h("tr", {}, values.map((value) => h("td", { dir: "auto" }, value)));
const pathOf = ({ id }) => `/v1/campaigns/${encodeURIComponent(id)}`;

/** Starts a campaign, pauses it, lets it go on, and notes what it costs. */
export function campaignActions(one, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const { version, status } = one, path = pathOf(one);
    const run = (verb) => () => operate(`${path}/${verb}`, { version }).then(reload);
    const button = (label, onclick, more) => h("button", { type: "button", onclick, ...more }, label);
    return [
        status === "planning" && button(t("Start campaign"), () => ask({
            title: t("Start campaign?"), action: t("Start campaign"), said: t("Campaign started"),
            text: t("What is planned for it leaves at its time from now on."),
            run: () => operate(`${path}/activate`, { version }).then(reload),
        }), { class: "primary" }),
        status === "active" && button(t("Pause"), () => ask({
            title: t("Pause campaign?"), action: t("Pause"), said: t("Campaign paused"),
            text: t("What belongs to it is held until you resume it."), run: run("pause"),
        })),
        status === "paused" && button(t("Resume"), () => ask({
            title: t("Resume campaign?"), action: t("Resume"), said: t("Campaign resumed"),
            text: t("What was due meanwhile does not leave all at once."), run: run("resume"),
        }), { class: "primary" }),
        status !== "completed" && button(t("Record spending"), () => askSpending(one, reload)),
    ];
}

/** The seldom uses of a campaign. */
export function campaignMenu(one, { kind, reload }) {
    if (!kind.mayWrite) return [];
    const { version, status, channels = [] } = one;
    return [
        channels.length > 0 && one.budget && { text: t("Share out budget"), run: () => askShares(one) },
        ["active", "paused"].includes(status) && { text: t("Complete campaign"), run: () => ask({
            title: t("Complete campaign?"), action: t("Complete campaign"), said: t("Campaign completed"),
            text: t("Posts and mails of it that have not left are cancelled. It cannot be started again."),
            run: () => operate(`${pathOf(one)}/complete`, { version }).then(reload),
        }) },
    ];
}

function askSpending(one, reload) {
    ask({
        title: t("Record spending"), action: t("Record spending"), said: t("Spending recorded"),
        text: t("The same channel and day again replaces what was recorded before."),
        fields: [
            asked.text("channel", t("Channel"), { required: true }), asked.day("date", t("Day"), { required: true }),
            asked.money("amount", t("Amount"), { required: true }),
        ],
        run: (body) => operate(`${pathOf(one)}/spend`, { body }).then(reload),
    });
}

function askShares(one) {
    ask({
        title: t("Share out budget"), action: t("Share out"),
        text: t("Each channel gets its least share, and the rest goes by what each brings for a unit of money."),
        fields: one.channels.map(({ channel }, place) => asked.number(`return_${place}`, channel, { required: true })),
        run: async (values) => {
            const channels = one.channels.map(({ channel, min_share: least }, place) => ({
                channel, return: values[`return_${place}`], ...(least == null ? {} : { min_share: least }),
            }));
            const { channels: shares } = await operate(`${pathOf(one)}/allocate`,
                { body: { total: one.budget, channels } });
            dialog({
                title: t("Shares of the budget"),
                content: () => table(t("Shares of the budget"), [t("Channel"), t("Amount"), t("Reason")],
                    shares.map(({ channel, amount, reason }) => cells(channel, money(amount), reason))),
            });
        },
    });
}

/** Shows the pace of a campaign's spending, and what each channel may cost and has. */
export function campaignSpending(one, { signal, follow }) {
    const path = pathOf(one);
    let now = one;
    const load = () => Promise.all([get(`${path}/pacing`, signal), get(`${path}/spend`, signal)]);
    const place = pending(load, (found) => drawSpending(now, found), { signal });
    follow((next) => {
        now = next;
        place.reload();
    });
    return section(t("Budget"), {}, place);
}

const paces = () => ({ on_track: t("On track"), under: t("Under plan"), over: t("Over plan") });
const paceTones = { on_track: "good", under: "warn", over: "bad" };

function drawSpending(one, [pace, { data }]) {
    const { budget, channels = [] } = one;
    return [
        h("p", { class: "budget-line" }, h("strong", { class: "big-money" }, money(pace.spent) ?? "–"),
            budget && h("span", { class: "soft" }, t("of {amount} spent", { amount: money(budget) })),
            pace.status && badge(paces()[pace.status] ?? words(pace.status), paceTones[pace.status])),
        budget && pace.spent && drawPace(pace, budget),
        facts([
            [t("Due by now"), pace.expected && money(pace.expected)],
            [t("Forecast"), pace.projected && money(pace.projected)],
        ]),
        channels.length > 0 && drawChannels(channels, data),
        data.length
            ? h("details", { class: "fold" }, h("summary", {}, t("Spending by day")),
                table(t("Spending by day"), [t("Day"), t("Channel"), figure(t("Amount"))], data.map((row) =>
                    h("tr", {}, h("td", {}, day(row.date)), h("td", { dir: "auto" }, words(row.channel)),
                        h("td", { class: "figure" }, money(row.amount))))))
            : quiet(t("Nothing is recorded yet.")),
    ];
}


/** Draws the spending on the budget's length, with a mark where it should be by now. */
function drawPace({ spent, expected, status }, budget) {
    const share = (value) => (budget.amount > 0 ? Math.min(1, value.amount / budget.amount) : 0);
    return paceBar(t("Spent"), share(spent), {
        said: `${money(spent)} ${t("of {amount} spent", { amount: money(budget) })}`,
        due: expected ? share(expected) : null, dueText: t("Due by now"), tone: { over: "bad", under: "warn" }[status],
    });
}

function drawChannels(channels, spending) {
    const spent = (name) => spending.filter(({ channel }) => channel === name)
        .reduce((sum, { amount }) => ({ ...amount, amount: (sum?.amount ?? 0) + amount.amount }), null);
    return table(t("Channels"), [t("Channel"), figure(t("Budget")), figure(t("Spent")), figure(t("At least"))],
        channels.map(({ channel, budget, min_share: least }) => h("tr", {},
            h("th", { scope: "row", dir: "auto" }, words(channel)),
            cell(t("Budget"), money(budget) ?? "–"),
            cell(t("Spent"), money(spent(channel)) ?? "–"),
            cell(t("At least"), least == null ? "–" : percent(least)))), "stacked");
}

/** The days of a campaign: what is behind it, and what comes. */
export function campaignMilestones(one, { follow }) {
    const place = h("div", {}, drawMilestones(one));
    follow((next) => fill(place, drawMilestones(next)));
    return place;
}

function drawMilestones({ milestones = [], client_id: client }) {
    if (!milestones.length) return null;
    const now = today();
    return section(t("Milestones"), {}, h("ol", { class: "milestones" }, milestones
        .toSorted((a, b) => (a.due_on < b.due_on ? -1 : 1)).map(({ name, due_on: due }) => h("li", {
            class: due < now ? "past" : "",
        }, h("span", { class: "soft" }, day(due)), h("span", { dir: "auto" }, name),
        due === now && badge(t("Today"), "warn")))),
    h("p", { class: "links after" }, h("a", { href: withQuery("#/calendar", { client_id: client,
        on: milestones.map(({ due_on }) => due_on).sort().find((due) => due >= now) }) }, t("View calendar"))));
}

const nameOf = (name) => {
    const [source, ...rest] = name.split(".");
    return rest.length ? pair(words(source), words(rest.join(" "))) : words(name);
};

/** A figure in minor units of a currency as an amount; every other as a number with what it counts. */
export const valueOf = ({ value, unit, name }) => (/^[A-Z]{3}$/.test(unit ?? "") && /(^|\.)spent(\.|$)/u.test(name)
    ? money({ amount: value, currency: unit }) : `${number(value)} ${unit ?? ""}`.trim());

/** The figures of a campaign, beside what they are to reach. */
export function drawTargets({ kpis, figures }) {
    const others = kpis.filter(({ metric }) => !figures.some(({ name }) => name === metric))
        .map(({ metric, value, unit }) => ({ name: metric, value, unit }));
    const all = [...figures, ...others];
    if (!all.length) return null;
    const judged = new Map(kpis.map((kpi) => [kpi.metric, kpi]));
    return table(t("Results"), [t("Metric"), figure(t("Value")), figure(t("Target")), figure(t("Reached"))],
        all.map((row) => {
            const { target, share } = judged.get(row.name) ?? {};
            return h("tr", {}, h("th", { scope: "row" }, nameOf(row.name)),
                cell(t("Value"), row.value === null ? "–" : valueOf(row)),
                cell(t("Target"), target == null ? "–" : number(target)),
                cell(t("Reached"), share == null ? "–" : percent(share)));
        }), "stacked");
}
