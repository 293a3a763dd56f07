import { make } from "../controls/controls.js";
import { fill, h } from "../../ui/dom.js";
import { speakAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { condition, remover } from "./condition.js";

/** The API takes filters that are 20 deep; a group that says what is not so takes two of them, and a condition one. */
const depthMax = 9;

const joins = () => [
    ["all", t("All of these")], ["any", t("Any of these")], ["none", t("None of these")],
    ["lacking", t("Not all of these")],
];
const places = { all: "/all", any: "/any", none: "/not/any", lacking: "/not/all" };

export const joinText = (join) => Object.fromEntries(joins())[join];

/** Tells how a filter joins its parts, {join, parts}; null where it is one condition. */
export function joined(filter) {
    if (filter?.all) return { join: "all", parts: filter.all };
    if (filter?.any) return { join: "any", parts: filter.any };
    const inner = filter?.not;
    if (!inner) return null;
    if (inner.any) return { join: "none", parts: inner.any };
    return inner.all ? { join: "lacking", parts: inner.all } : { join: "none", parts: [inner] };
}

const filterOf = (join, parts) => ({
    all: { all: parts }, any: { any: parts }, none: { not: { any: parts } }, lacking: { not: { all: parts } },
}[join]);

/** Gathers the parts' values; all faults are thrown at once. */
function gather(parts, run) {
    const errors = [], found = parts.map((part, index) => {
        try {
            return run(part, index);
        } catch (fault) {
            if (!fault.errors) throw fault;
            errors.push(...fault.errors);
            return null;
        }
    });
    if (errors.length) throw { title: t("Not saved."), errors };
    return found;
}

/**
 * Conditions, and groups of them, that are joined in one way: {element, get(at), raw(), count(number)}, as a condition
 * is. `tools` is {questions, changed(), remove()}; the outermost group is not removed.
 */
export function group(filter, tools, depth = 1) {
    const { join, parts } = joined(filter) ?? { join: "all", parts: filter ? [filter] : [] };
    const way = make({ name: "join", label: t("Match"), type: "choice", required: true, options: joins() }, join);
    const place = h("div", { class: "rows" }), title = h("legend", {}, "");
    let all = [], number = "";

    function add(part) {
        const remove = () => {
            all = all.filter((other) => other !== one);
            draw();
            tools.changed();
            more.focus();
        };
        const own = { ...tools, remove };
        const one = joined(part) ? group(part, own, depth + 1) : condition(part, own);
        all.push(one);
        return one;
    }
    function draw() {
        all.forEach((one, index) => one.count(`${number}${index + 1}`));
        fill(place, all.map(({ element }) => element));
    }
    const adder = (text, part) => h("button", { type: "button", class: "small", onclick() {
        const { element } = add(part);
        draw();
        tools.changed();
        element.querySelector("select").focus();
    } }, text);
    const more = adder(t("Add condition"), {}), away = tools.remove && remover(tools.remove);
    parts.forEach(add);
    draw();
    return {
        element: h(away ? "fieldset" : "div", {}, away && title, way.element, place,
            h("p", { class: "actions" }, more, depth < depthMax && adder(t("Add group"), { any: [{}] }), away)),
        get: (at) => filterOf(way.get(), gather(all, (one, index) => one.get(`${at}${places[way.get()]}/${index}`))),
        raw: () => filterOf(way.get(), all.map((one) => one.raw())),
        count(said) {
            number = `${said}.`;
            const name = t("Group {number}", { number: said });
            fill(title, name);
            speakAs(away, t("Remove {name}", { name }));
            draw();
        },
    };
}
