import { call, may } from "../api.js";
import { fill, h, whyNot } from "../../ui/dom.js";
import { spokenAs, toolbar } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";
import { askAssign } from "./assign.js";

const of = (id) => `/v1/conversations/${encodeURIComponent(id)}`;

/** Offers what can be done at once with all ticked conversations of the list. */
export function bulk({ reload }) {
    const picked = new Set();
    const bar = h("div", { ...toolbar(t("Selection")), class: "selection", hidden: true });
    const isOffered = may("conversations:write");

    function clear() {
        picked.clear();
        draw();
        reload();
    }
    function draw() {
        bar.hidden = picked.size === 0;
        const act = (text, run) => h("button", { type: "button", class: "small", onclick: run }, text);
        fill(bar, h("strong", {}, t("{count} selected", { count: picked.size })),
            act(t("Assign selected"), () => askAssign({
                title: t("Assign conversations"),
                save: ({ person, team }) => each((id) => call(of(id), {
                    method: "PATCH", body: { assignee_id: person, team_id: team },
                })),
            })),
            act(t("Mark as read"), () => each((id) => call(`${of(id)}/read`, { method: "POST" }))),
            act(t("Close selected"), () => each((id) => call(`${of(id)}/close`, { method: "POST" }))),
            act(t("Clear selection"), clear));
    }
    /** One after the other; one that fails leaves the others done, and stays ticked. */
    async function each(action) {
        const failed = [];
        let count = 0;
        for (const id of [...picked]) {
            try {
                await action(id);
                picked.delete(id);
                count += 1;
            } catch (problem) {
                failed.push(whyNot(problem));
            }
        }
        const done = plural(count, "{count} conversation changed", "{count} conversations changed");
        toast(failed.length ? t("{done}. Not changed: {count}. {why}", { done, count: failed.length, why: failed[0] })
            : done);
        draw();
        await reload();
    }
    const box = ({ id }, name) => isOffered && h("input", {
        type: "checkbox", checked: picked.has(id), ...spokenAs(t("Select {name}", { name })),
        onchange({ target }) {
            if (target.checked) picked.add(id);
            else picked.delete(id);
            draw();
        },
    });
    return { bar, box, has: (id) => picked.has(id) };
}
