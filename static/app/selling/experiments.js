import { call, get, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { bar } from "../../ui/bar.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Shows an experiment's results so far, variant by variant. */
export function results({ id }, { signal, follow }) {
    const path = `/v1/experiments/${encodeURIComponent(id)}/results`;
    const place = pending(() => get(path, signal), drawResults, { signal });
    follow(place.reload);
    return section(t("Results"), {}, place);
}

/** The variants of a trial beside one another, each with how it differs from the first. */
export function drawResults({ variants, winner, goal, method }) {
    if (variants.some(({ days }) => days !== undefined)) return drawDays({ variants, winner, goal, method });
    const most = Math.max(0.01, ...variants.map(({ rate }) => rate));
    const row = (one, index) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, one.name, " ", one.name === winner && badge(t("Winner"), "good")),
        h("td", { class: "wide" }, bar(one.rate / most)),
        cell(t("People"), number(one.assigned)), cell(t("Sent"), number(one.sent)),
        cell(words(goal), number(one[goal])),
        cell(t("Rate"), percent(one.rate)),
        h("td", { "data-label": t("Difference") }, index === 0 ? t("Compared with") : differs(one)));
    return [
        table(t("Results"), [t("Variant"), "", figure(t("People")), figure(t("Sent")), figure(words(goal)),
            figure(t("Rate")), t("Difference")], variants.map(row), "stacked"),
        !winner && quiet(t("No winner yet: the difference may be chance.")),
        method && h("details", { class: "fold" }, h("summary", {}, t("How this was checked")), h("p", {}, method)),
    ];
}

/** Variants of a film, each with the days that it had. */
function drawDays({ variants, winner, goal, method }) {
    const most = Math.max(1, ...variants.map(({ rate }) => rate));
    const figure = (text) => ({ text, class: "figure" });
    const cell = (label, text) => h("td", { class: "figure", "data-label": label }, text);
    const part = ({ difference, significant }) => {
        if (difference === null) return "–";
        const value = percent(difference);
        return significant ? t("{part}, not by chance", { part: value }) : t("{part}, may be chance", { part: value });
    };
    const row = (one, index) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, one.name, " ", one.name === winner && badge(t("Winner"), "good")),
        h("td", { class: "wide" }, bar(one.rate / most)), cell(t("Days"), number(one.days)),
        cell(t("Views"), number(one.views)), cell(t("Minutes watched"), number(one.watch_minutes)),
        h("td", { "data-label": t("Difference") }, index === 0 ? t("Compared with") : part(one)));
    return [
        table(t("Results"), [t("Variant"), "", figure(t("Days")), figure(t("Views")), figure(t("Minutes watched")),
            t("Difference")], variants.map(row), "stacked"),
        quiet(goal === "views" ? t("Compared by views, day by day.") : t("Compared by minutes watched, day by day.")),
        !winner && quiet(t("No winner yet: the difference may be chance.")),
        method && h("details", { class: "fold" }, h("summary", {}, t("How this was checked")), h("p", {}, method)),
    ];
}

function differs({ difference, significant }) {
    if (difference === null) return "–";
    const points = number(Math.round(difference * 1000) / 10);
    return significant ? t("{points} points, not by chance", { points })
        : t("{points} points, may be chance", { points });
}

/** Ends an experiment, or puts its winner to use. */
export function experimentActions({ id, version, status, result }, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const path = `/v1/experiments/${encodeURIComponent(id)}`;
    const run = (verb) => () => operate(`${path}/${verb}`, { version }).then(reload);
    return [
        status === "concluded" && result && h("button", { type: "button", class: "primary", onclick: () => ask({
            title: t("Use the winner?"), action: t("Use the winner"), said: t("The winner is in use"),
            text: t("Everyone who comes from now on gets the winning variant."), run: run("apply"),
        }) }, t("Use the winner")),
        ["running", "applied"].includes(status) && h("button", { type: "button", onclick: () => ask({
            title: t("Stop experiment?"), action: t("Stop experiment"), said: t("Experiment stopped"),
            text: t("Everything goes on as it was before."), run: run("stop"),
        }) }, t("Stop experiment")),
    ];
}

/** Tries another email or another wait for a step of a sequence. */
export function askExperiment({ id, steps }, changed) {
    const nameOf = ({ channel, title }, index) =>
        t("Step {number}: {what}", { number: index + 1, what: channel === "task" ? title ?? t("Task") : t("Email") });
    const step = asked.choice("step_id", t("Step"), steps.map((one) => one.id), { required: true });
    step.choices = steps.map((one, index) => ({ value: one.id, label: nameOf(one, index) }));
    ask({
        title: t("New experiment"), action: t("Start experiment"), said: t("Experiment started"),
        text: t("Half of the people get the step as it is, the others your variant."),
        values: { goal: "replied", apply: "propose", subjects_min: 50, step_id: steps[0].id },
        fields: [
            asked.text("name", t("Name"), { required: true }), step,
            asked.record("template_id", t("Another template"), "templates"),
            asked.number("days", t("Another wait, in days")),
            asked.choice("goal", t("Success is"), ["replied", "positive", "converted"], { required: true }),
            asked.number("subjects_min", t("People for each variant, at least"), { required: true }),
            asked.choice("apply", t("The winner is"), ["propose", "automatic"], { required: true }),
            asked.record("segment_id", t("Only for this segment"), "segments"),
        ],
        async run({ template_id, days, segment_id, ...rest }) {
            if (!template_id && days === null) {
                throw { errors: [{ pointer: "/template_id", detail: t("Choose what the variant does otherwise.") }] };
            }
            const other = { name: "B", template_id, delay: days === null ? null : `P${days}D` };
            const given = Object.fromEntries(Object.entries(other).filter(([, value]) => value !== null));
            const body = { ...rest, kind: "sequence_step", sequence_id: id, variants: [{ name: "A" }, given] };
            if (segment_id) body.segment_id = segment_id;
            await call("/v1/experiments", { method: "POST", body });
            await changed();
        },
    });
}

export const mayTry = () => may("experiments:write");
