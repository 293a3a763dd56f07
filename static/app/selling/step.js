import { get, withQuery } from "../api.js";
import { naming } from "../records/naming.js";
import { combobox } from "../../ui/combobox.js";
import { h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { grouped } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { conditionControl } from "./condition.js";
import { previewFold } from "./preview.js";

let made = 0;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayNames = () => ({
    mon: t("Monday"), tue: t("Tuesday"), wed: t("Wednesday"), thu: t("Thursday"), fri: t("Friday"), sat: t("Saturday"),
    sun: t("Sunday"),
});
const units = { H: ["PT", "H"], D: ["P", "D"], W: ["P", "W"] };

/** "PT5H" → ["5", "H"]; what cannot be said in one unit stays as it is. */
const delayOf = (delay) => /^PT?(\d+)([HDW])$/.exec(delay ?? "P0D")?.slice(1) ?? null;

/** One step of a sequence: {element, step, get(), raw(), restore(raw), place(index, count), focus()}. */
export function stepControl(step, { remove, move }) {
    const id = `step-${++made}`;
    const legend = h("legend", {});
    const kind = field(t("Kind of step"), "channel", { control: "select", value: step.channel ?? "email",
        options: [["email", t("Email")], ["task", t("Task for a person")]] });
    const [count, unit] = delayOf(step.delay) ?? ["", ""];
    const wait = field(t("Wait"), "delay", { value: count, inputmode: "numeric" });
    const span = field(t("Unit"), "unit", { control: "select", value: unit || "D",
        options: [["H", t("hours")], ["D", t("days")], ["W", t("weeks")]] });
    const template = combobox({
        id, name: "template_id", describedBy: `${id}-fault`,
        search: async (said) => (await get(withQuery("/v1/templates", { q: said, channel: "email", limit: 12 }))).data
            .map((one) => ({ id: one.id, text: one.name })),
        value: step.template_id ? { id: step.template_id, text: "…" } : null,
    });
    if (step.template_id) {
        naming("templates", step.template_id).then((found) => template.get()?.id === step.template_id
            && template.restore({ id: step.template_id, text: found?.text ?? "–" }));
    }
    const letter = h("div", {}, h("div", { class: "field", "data-name": "template_id" },
        h("label", { for: id }, t("Template")), template.element,
        h("p", { class: "fault", id: `${id}-fault` })), previewFold(() => template.get()?.id ?? step.template_id));
    const title = field(t("What is to be done"), "title", { value: step.title ?? "", maxlength: 300 });
    const text = field(t("Notes for the person"), "text", { control: "textarea", rows: 2, value: step.text ?? "" });
    const errand = h("div", {}, title, text);
    const condition = conditionControl(step.condition);
    const timing = timingControl(step, id);
    const up = h("button", { type: "button", class: "small", onclick: () => move(-1) }, t("Move up"));
    const down = h("button", { type: "button", class: "small", onclick: () => move(1) }, t("Move down"));
    const gone = h("button", { type: "button", class: "small", onclick: remove }, t("Remove step"));
    const element = h("fieldset", { class: "step" }, legend, h("div", { class: "step-line" }, kind, wait, span),
        letter, errand, condition.element, timing.element, h("div", { class: "actions" }, up, down, gone));
    const input = (part) => part.querySelector("input, select, textarea");
    let number = 0;
    const turn = () => {
        const isTask = input(kind).value === "task";
        letter.hidden = isTask;
        errand.hidden = !isTask;
    };
    input(kind).addEventListener("change", turn);
    turn();

    const parts = { kind, wait, span, title, text };
    const raw = () => ({ ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, input(part).value])),
        template: template.get(), condition: condition.raw(), timing: timing.raw() });
    function restore(kept) {
        for (const [name, part] of Object.entries(parts)) input(part).value = kept[name] ?? "";
        template.restore(kept.template);
        condition.restore(kept.condition);
        timing.restore(kept.timing);
        turn();
    }
    function read() {
        const isTask = input(kind).value === "task", amount = Number(input(wait).value) || 0;
        const [before, after] = units[input(span).value];
        const delay = input(wait).value === "" && !delayOf(step.delay) ? step.delay : `${before}${amount}${after}`;
        return {
            ...step, channel: input(kind).value, delay, ...timing.get(),
            condition: condition.get(`/steps/${number}/condition`),
            template_id: isTask ? null : template.get()?.id ?? null, variants: isTask ? [] : step.variants ?? [],
            title: isTask ? input(title).value.trim() || null : null, text: isTask ? input(text).value || null : null,
        };
    }
    return {
        element, step, get: read, raw, restore, focus: () => input(kind).focus(),
        place(index, all) {
            number = index;
            legend.textContent = t("Step {number}", { number: index + 1 });
            up.hidden = index === 0;
            down.hidden = index === all - 1;
            gone.hidden = all === 1;
        },
    };
}

/** On which days and in which hours a step is taken. */
function timingControl(step, id) {
    const names = dayNames();
    const boxes = days.map((day) => h("label", { class: "tick" },
        h("input", { type: "checkbox", value: day, checked: step.weekdays?.includes(day) }), names[day]));
    const from = field(t("From"), "from", { type: "time", value: step.window?.from ?? "" });
    const to = field(t("Until"), "to", { type: "time", value: step.window?.to ?? "" });
    const [start, end] = [from.querySelector("input"), to.querySelector("input")];
    const element = h("details", { class: "fold" }, h("summary", {}, t("Days and hours")),
        h("div", { class: "days", ...grouped(t("Days")) }, boxes),
        h("div", { class: "step-line" }, from, to),
        h("p", { class: "hint" }, t("In the recipient's own time. None ticked: any day.")));
    const ticked = () => boxes.map(({ firstChild }) => firstChild).filter((box) => box.checked).map((box) => box.value);
    return {
        element, raw: () => ({ days: ticked(), from: start.value, to: end.value }),
        get: () => ({
            weekdays: ticked(), window: start.value && end.value ? { from: start.value, to: end.value } : null,
        }),
        restore(kept) {
            for (const { firstChild } of boxes) firstChild.checked = kept?.days.includes(firstChild.value);
            [start.value, end.value] = [kept?.from ?? "", kept?.to ?? ""];
        },
    };
}
