import { may } from "../api.js";
import { operate } from "../records/ask.js";
import { failure, fill, h, quiet, whyNot } from "../../ui/dom.js";
import { groupTitled, polite, setBusy } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";
import { group } from "./conditions.js";
import { questionsOf } from "./questions.js";

/** The pause without a change before people are counted whom a filter finds, and the most names. */
const pause = 300, namesMax = 5;

const counted = {
    leads: (count) => plural(count, "{count} lead matches.", "{count} leads match."),
    contacts: (count) => plural(count, "{count} contact matches.", "{count} contacts match."),
    clients: (count) => plural(count, "{count} client matches.", "{count} clients match."),
};

/** The records that a segment is made of unless somebody says otherwise. */
export const standard = "leads";

let made = 0;

/**
 * The control of a segment's filter, which says at once how many records it finds. It goes by what the form says of
 * the records that the segment is made of; one that is filled by hand has none.
 */
export function filterControl(field, value) {
    const id = `filter-${++made}`, before = value ?? null;
    const place = h("div"), found = h("div", { class: "found", ...polite });
    const element = h("div", { class: "field filter", "data-name": field.name, ...groupTitled(id) },
        h("p", { class: "label", id }, field.label), h("p", { class: "fault" }), place, found);
    let kept = before, tree = null, unchanged = null, shown = null, now = () => null, timer, turn = 0;
    const text = () => JSON.stringify(tree.raw());

    async function draw() {
        const of = now("of") ?? standard;
        element.hidden = now("static");
        if (element.hidden || of === shown) return;
        if (tree) kept = tree.raw();
        [shown, tree] = [of, null];
        setBusy(place, true);
        try {
            const questions = await questionsOf(of);
            if (of !== shown) return;
            tree = group(kept ?? { all: [{}] }, { questions, changed });
            if (before && kept === before) unchanged = text();
            fill(place, tree.element);
        } catch (problem) {
            shown = null;
            fill(place, failure(problem, draw));
        }
        setBusy(place, false);
        recount();
    }
    function changed() {
        element.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function recount() {
        clearTimeout(timer);
        turn += 1;
        timer = setTimeout(look, pause);
    }
    async function look() {
        const mine = turn;
        if (!tree || !element.isConnected) return;
        const said = await count(shown);
        if (mine === turn) fill(found, said);
    }
    async function count(of) {
        if (!may(`${of}:read`)) return quiet(t("You may not see these. An owner or administrator can let you."));
        let filter;
        try {
            filter = tree.get("/filter");
        } catch {
            return quiet(t("Complete the conditions to see whom they find."));
        }
        try {
            const { count: all, sample } = await operate("/v1/segments/preview", { body: { of, filter } });
            const names = sample.map(({ name }) => name).filter(Boolean).slice(0, namesMax).join(", ");
            return [h("p", {}, h("strong", {}, counted[of](all))),
                names && h("p", { class: "quiet", dir: "auto" }, t("For example: {names}", { names }))];
        } catch (problem) {
            const isUnfinished = problem.errors?.length > 0;
            return quiet(isUnfinished ? t("Complete the conditions to see whom they find.") : whyNot(problem));
        }
    }
    return {
        name: field.name, field, element,
        get() {
            if (now("static")) return null;
            // A filter that is only shown in another form has not changed.
            return !tree || text() === unchanged ? kept : tree.get("/filter");
        },
        raw: () => (tree ? tree.raw() : kept),
        restore: (raw) => (kept = raw),
        begin(form) {
            now = form.now;
            form.element.addEventListener("input", () => draw().then(recount));
            draw();
        },
    };
}
