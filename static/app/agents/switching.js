import { call } from "../api.js";
import { titleOf } from "../titles.js";
import { doing, fill, h, section } from "../../ui/dom.js";
import { polite, spokenAs, toolbar } from "../../ui/state.js";
import { pair, plural, t } from "../../ui/words.js";

const addressOf = ({ name }) => `#/agents/${encodeURIComponent(name)}`;

/**
 * Several agents are switched on or off at once: {bar, told, box(agent), all(title, list)}. `told` says what became of
 * each; `done` is called when they are switched.
 */
export function switching(done) {
    const picked = new Map(), boxes = new Map();
    const count = h("strong", {}), trouble = h("div", { class: "notices" }), told = h("div", polite);
    const bar = h("div", { ...toolbar(t("Selection")), class: "selection", hidden: true }, count,
        doing(t("Switch on"), () => put("active"), { place: trouble }),
        doing(t("Switch off"), () => put("disabled"), { place: trouble }),
        h("button", { type: "button", class: "plain-button", onclick: clear }, t("Clear selection")), trouble);

    function draw() {
        bar.hidden = picked.size === 0;
        fill(count, plural(picked.size, "{count} selected", "{count} selected"));
    }
    function pick(one, isPicked) {
        if (isPicked) picked.set(one.name, one);
        else picked.delete(one.name);
    }
    function clear() {
        picked.clear();
        for (const box of boxes.values()) box.checked = false;
        draw();
    }
    async function put(state) {
        const all = [...picked.values()], body = { state, agents: all.map(({ name }) => name) };
        const { changed } = await (await call("/v1/agents/bulk", { method: "POST", body })).json();
        clear();
        await done();
        const line = (one) => h("li", {}, h("a", { href: addressOf(one) }, titleOf(one)), ": ",
            outcome(state, changed.includes(one.name)));
        fill(told, section(t("Just switched"), {}, h("ul", { class: "plain outcomes" }, all.map(line))));
    }
    function box(one) {
        const input = h("input", {
            type: "checkbox", ...spokenAs(t("Select {name}", { name: titleOf(one) })), checked: picked.has(one.name),
            onchange({ target }) {
                pick(one, target.checked);
                draw();
            },
        });
        boxes.set(one.name, input);
        return h("td", { class: "pick" }, input);
    }
    const all = (title, list) => h("p", {}, h("button", {
        type: "button", class: "small", ...spokenAs(pair(t("Select all"), title)), onclick() {
            for (const one of list) {
                pick(one, true);
                boxes.get(one.name).checked = true;
            }
            draw();
        },
    }, t("Select all")));
    return { bar, told, box, all };
}

function outcome(state, isChanged) {
    if (state === "active") return isChanged ? t("Switched on") : t("It was on already");
    return isChanged ? t("Switched off") : t("It was off already");
}
