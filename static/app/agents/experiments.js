import { call, get, may } from "../api.js";
import { ask, make } from "../controls/controls.js";
import { saidFieldsOf } from "../controls/describe.js";
import { eventTypes } from "../eventtypes.js";
import { secondsOf } from "../controls/leaves.js";
import { badge, doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { flat, pathInWords, said } from "./values.js";

/** Settings that are tried beside those in use, on real work, until one of them is better. */
export function experimentsTab(name, signal) {
    const place = pending(() => get(`/v1/agent-experiments?agent=${encodeURIComponent(name)}&limit=50`, signal),
        ({ data }) => (data.length ? data.map((one) => draw(one, place.reload))
            : quiet(t("No experiments yet. One tries a setting beside the one in use, and tells which does better."))),
        { signal });
    return section(t("Experiments"), {}, place, may("agents:configure") && h("p", { class: "actions" }, h("button",
        { type: "button", onclick: () => start(name, place.reload) }, t("New experiment"))));
}

function draw(one, reload) {
    const trouble = h("div"), path = `/v1/agent-experiments/${encodeURIComponent(one.id)}`;
    const act = (label, verb, told) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST" });
        toast(told);
        await reload();
    }, { place: trouble });
    const settingsOf = (variant) => one.variants.find(({ name }) => name === variant)?.settings;
    return h("article", { class: "card" },
        h("h3", {}, one.name), h("p", { class: "badges" }, badge(words(one.status),
            { applied: "good", running: "warn" }[one.status]),
        one.result?.winner && badge(t("Better: {variant}", { variant: one.result.winner }), "good")),
        quiet(pieces("Counts {goal} within {time}; begun {when}", { goal: words(one.goal), when: ago(one.created_at),
            time: lasting(secondsOf(one.observe_for)) })),
        table(t("Results"), [t("Variant"), t("Settings"), figure(t("Tried on")), figure(t("Reached it")),
            figure(t("Share"))],
            one.tally.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name),
                h("td", { "data-label": t("Settings") }, flat(settingsOf(row.name) ?? {}).map(([path, value]) =>
                    `${pathInWords(path)}: ${said(value)}`).join(", ") || t("As in use")),
                cell(t("Tried on"), number(row.assigned)),
                cell(t("Reached it"), number(row.converted)),
                cell(t("Share"), percent(row.rate)))), "stacked"),
        quiet(t("Each variant needs {count} before they are compared.", { count: number(one.subjects_min) })),
        may("agents:configure") && h("div", { class: "actions" },
            one.status === "running" && act(t("Stop experiment"), "stop", t("Experiment stopped")),
            one.status === "concluded" && act(t("Use the better settings"), "apply", t("Settings in use"))), trouble);
}

/** The events of the agent's own work that may count as success. */
const goals = (events) => events.filter(({ stored, name }) => stored
    && /\.(qualified|won|replied|answered|accepted|signed|paid|booked|resolved|converted|engaged)$/.test(name))
    .map(({ name }) => [name, words(name)]);

async function start(agent, onSaved) {
    const [config, events] = await Promise.all([get(`/v1/agents/${encodeURIComponent(agent)}/config`),
        eventTypes()]);
    const settings = saidFieldsOf(config.schema).filter(({ type }) => !["rows", "map"].includes(type));
    if (!settings.length) return toast(t("This agent has no settings that could be tried."));
    ask({
        title: t("New experiment"), wide: true, told: t("Experiment started"), onSaved, action: t("Start experiment"),
        lead: quiet(t("The settings in use stay in the race; what you change here is tried beside them.")),
        fields: [
            { name: "name", label: t("Name"), required: true },
            { name: "goal", label: t("What counts as success"), type: "choice", required: true,
                options: goals(events) },
            { name: "settings", label: t("Setting to try"), type: "custom", settings, values: config.values,
                draw: tried },
            { name: "variant", label: t("Name of the variant"), default: t("New") },
        ],
        more: [
            { name: "subjects_min", label: t("Tried on at least"), type: "number", isWhole: true, default: 200 },
            { name: "observe_for", label: t("Success counts within"), type: "duration", default: "P14D" },
            { name: "apply", label: t("When one is better"), type: "choice", default: "propose", required: true,
                options: [["propose", t("Ask me")], ["automatic", t("Use it at once")]] },
        ],
        async save({ values: { settings: changed, variant, ...body } }) {
            const variants = [{ name: variant || t("New"), settings: changed }];
            await call("/v1/agent-experiments", { method: "POST", body: { ...body, agent, variants } });
        },
    });
}

/** One setting of the agent, and the value that is tried. */
function tried(one) {
    const place = h("div"), fault = h("p", { class: "fault" });
    let control;
    const show = (name) => {
        const found = one.settings.find((setting) => setting.name === name);
        control = make(found, one.values[name]);
        fill(place, control.element);
    };
    const choice = make({ name: "which", label: one.label, type: "choice", required: true,
        options: one.settings.map(({ name, label }) => [name, label]) }, one.settings[0].name);
    choice.element.addEventListener("change", () => show(choice.get()));
    show(one.settings[0].name);
    return { name: one.name, element: h("div", {}, choice.element, place, fault), at: () => ({ fault }),
        get: () => ({ [choice.get()]: control.get() }) };
}
