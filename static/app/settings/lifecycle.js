import { call, get, may } from "../api.js";
import { ask } from "../controls/controls.js";
import { live } from "../stream.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";

const days = (period) => Number(/^P(\d+)D$/.exec(period)?.[1] ?? 0);

/** The stages that leads go through by their age: where each ends, and how often the agency gets in touch there. */
export function lifecycle({ signal }) {
    const list = pending(() => get("/v1/lifecycle-stages", signal),
        ({ data }) => data.map((stage) => drawStage(stage, reload)), { signal });
    const reload = () => list.reload();
    live("lead.lifecycle_changed", () => document.querySelector("dialog[open]") || reload(), signal);
    return [quiet(t("A lead's age counts from the day on which it was first known.")), list];
}

function drawStage(stage, reload) {
    const { name, from_day: from, to_day: to, touch_every: every, leads } = stage;
    return h("article", { class: "card" },
        h("h2", {}, words(name)),
        h("p", {}, to === null ? t("From day {from}", { from: number(from) })
            : t("From day {from} to day {to}", { from: number(from), to: number(to) })),
        h("p", {}, plural(days(every), "In touch every {count} day", "In touch every {count} days")),
        quiet(plural(leads, "{count} lead is in this stage", "{count} leads are in this stage")),
        may("leads:write") && h("div", { class: "actions" },
            h("button", { type: "button", ...spokenAs(t("Edit stage: {name}", { name: words(name) })),
                onclick: () => change(stage, reload) }, t("Edit stage"))));
}

function change({ name, to_day: to, touch_every: every }, reload) {
    ask({
        title: t("Edit stage"), told: t("Stage saved"), onSaved: reload, values: { to_day: to, every: days(every) },
        fields: [
            to !== null && { name: "to_day", label: t("Last day"), type: "number", isWhole: true, required: true,
                help: t("The next stage begins on the day after.") },
            { name: "every", label: t("Days between touches"), type: "number", isWhole: true, required: true },
        ].filter(Boolean),
        async save({ values: { every: count, ...body } }) {
            if (count !== undefined) body.touch_every = `P${count}D`;
            await call(`/v1/lifecycle-stages/${encodeURIComponent(name)}`, { method: "PATCH", body });
        },
    });
}
