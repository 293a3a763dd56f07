import { get, tenant } from "../api.js";
import { nextDay, nowWall, shortDay } from "../calendar/days.js";
import { fill, h, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { t } from "../../ui/words.js";

let made = 0;

/** When a post leaves: by the queue, at a time, of which the best are offered, or not yet. */
export function whenField({ state, chosen, changed, signal }) {
    const name = `when-${++made}`;
    const options = [
        ["queue", t("At the next free hour of the queue")], ["at", t("At a time")], ["draft", t("Keep as a draft")],
    ];
    const radios = options.map(([value, text]) => {
        const input = h("input", { type: "radio", name, value, checked: state.when === value, onchange() {
            state.when = value;
            changed();
        } });
        return { input, element: h("label", { class: "tick" }, input, text) };
    });
    const time = field(t("Day and time"), "scheduled_at", { type: "datetime-local", value: state.at, min: nowWall(),
        hint: tenant().time_zone && t("In the agency's time zone, {zone}.", { zone: tenant().time_zone }) });
    const input = time.querySelector("input"), best = h("div", { class: "best-times" }), noQueue = h("div");
    input.addEventListener("input", () => {
        state.at = input.value;
        changed();
    });
    let shown = null;

    async function offer() {
        const [first] = chosen();
        if (!first || first.id === shown) return;
        shown = first.id;
        const path = `/v1/social-accounts/${encodeURIComponent(first.id)}/best-times`;
        const found = await get(path, signal).catch(() => null);
        if (shown !== first.id) return;
        fill(best, found && [
            quiet(found.source === "default" ? t("Usual hours of the network:")
                : t("The best hours of {account}:", { account: first.name })),
            h("p", { class: "actions" }, found.slots.slice(0, 4).map(({ weekday, hour }) => {
                const day = nextDay(weekday), wall = `${day}T${String(hour).padStart(2, "0")}:00`;
                return h("button", { type: "button", class: "small", onclick() {
                    state.at = input.value = wall;
                    changed();
                } }, `${shortDay(day)}, ${wall.slice(11)}`);
            })),
        ]);
    }
    const element = h("fieldset", { class: "when", "data-name": "scheduled_at" }, h("legend", {}, t("When")),
        radios.map((one) => one.element), noQueue, time, best, h("p", { class: "fault" }));
    return {
        element,
        /** Where a fault of the time is said: beside what is seen. */
        place: () => (time.hidden ? element : time),
        follow() {
            for (const one of radios) one.input.checked = one.input.value === state.when;
            if (input.value !== state.at) input.value = state.at;
            time.hidden = best.hidden = state.when !== "at";
            const without = state.when === "queue" ? chosen().filter(({ queue }) => !queue?.length) : [];
            fill(noQueue, without.length > 0 && quiet(t("{accounts} has no queue yet: choose a time, or give it hours.",
                { accounts: without.map(({ name: own }) => own).join(", ") })));
            if (state.when === "at") offer();
        },
    };
}
