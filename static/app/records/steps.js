import { get, withQuery } from "../api.js";
import { fill, h } from "../dom.js";
import { field as labelled } from "../forms.js";
import { combobox } from "../../ui/combobox.js";
import { naming } from "./naming.js";

let made = 0;
const days = (delay) => /^P(\d+)D/.exec(delay ?? "")?.[1] ?? 0;

/** The steps of a sequence: a mail from a template, or a task for a person, some days after the step before. */
export function stepsControl({ name }, value) {
    const place = h("div");
    let rows = [];

    function add(step = {}) {
        const id = `step-${++made}`;
        const search = async (said) => (await get(withQuery("/v1/templates", { q: said, limit: 12 }))).data
            .map((one) => ({ id: one.id, text: one.name }));
        const template = combobox({ id, name: "template", describedBy: `${id}-fault`, search,
            value: step.template_id ? { id: step.template_id, text: "…" } : null });
        if (step.template_id) {
            naming("templates", step.template_id)
                .then((found) => template.restore({ id: step.template_id, text: found?.text ?? "–" }));
        }
        const element = h("fieldset", {},
            h("legend", {}, ""),
            labelled("Kind of step", "channel", { control: "select", value: step.channel ?? "email",
                options: [["email", "Email"], ["task", "Task"]] }),
            h("div", { class: "field", "data-name": "template" }, h("label", { for: id }, "Template"), template.element,
                h("p", { class: "fault", id: `${id}-fault` })),
            labelled("What is to be done (task)", "title", { value: step.title ?? "" }),
            labelled("Days after the step before", "delay", { inputmode: "numeric", value: days(step.delay) }),
            h("button", { type: "button", class: "small", onclick: () => remove(row) }, "Remove"));
        const of = (part) => element.querySelector(`[name="${part}"]`);
        const row = { element, template, of, step };
        rows.push(row);
        draw();
        return row;
    }
    function remove(row) {
        rows = rows.filter((one) => one !== row);
        draw();
        more.focus();
    }
    function draw() {
        rows.forEach(({ element }, index) => {
            element.querySelector("legend").textContent = `Step ${index + 1}`;
            element.querySelector(":scope > button").hidden = rows.length === 1;
        });
        fill(place, rows.map(({ element }) => element));
    }
    const more = h("button", { type: "button", class: "small", onclick: () => add().of("channel").focus() },
        "Add step");
    const raw = () => rows.map(({ template, of }) => ({
        template: template.get(), channel: of("channel").value, title: of("title").value, delay: of("delay").value,
    }));
    const restore = (kept) => {
        rows = [];
        for (const { template, channel, title, delay } of kept) {
            add({ channel, title, delay: `P${delay}D` }).template.restore(template);
        }
    };
    const read = () => rows.map(({ template, of, step }) => ({
        ...step, channel: of("channel").value, delay: `P${Number(of("delay").value) || 0}D`,
        template_id: template.get()?.id ?? null, title: of("title").value.trim() || null,
    }));
    (value?.length ? value : [{}]).forEach(add);
    const element = h("div", { class: "field", "data-name": name }, place, more, h("p", { class: "fault" }));
    return { name, element, get: read, raw, restore };
}
