import { call, get, whoIsMe } from "../api.js";
import { colleagues } from "../colleagues.js";
import { ask } from "../records/ask.js";
import { alarm } from "../../ui/alarm.js";
import { h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { of } from "./verbs.js";

/**
 * Shows the people who watch a ticket, and are told of its messages and its status; whoever may write adds and removes
 * them.
 */
export function watchersOf(ticket, { signal, mayWrite }) {
    const path = `${of(ticket)}/watchers`, own = whoIsMe().user?.id;
    const list = pending(() => get(path, signal), draw, { signal });

    const add = (user) => change(t("Watcher added"), () => call(path, { method: "POST", body: { user_id: user } }));
    const watch = () => change(t("You watch this ticket"), () =>
        call(path, { method: "POST", body: { user_id: own } }));
    const remove = (user, name) => change(t("{name} does not watch it any more", { name }), () =>
        call(`${of(ticket)}/watchers/${encodeURIComponent(user)}`, { method: "DELETE" }));

    async function change(told, work) {
        try {
            await work();
            toast(told);
        } catch (problem) {
            alarm(t("Not done. {why}", { why: whyNot(problem) }));
        }
        await list.reload();
    }
    function draw({ data }) {
        const isWatching = data.some(({ user_id: id }) => id === own);
        return [
            data.length ? h("ul", { class: "papers" }, data.map(({ user_id: id, name }) => h("li", {},
                h("p", { class: "badges" }, h("span", { dir: "auto" }, name),
                    mayWrite && h("button", { type: "button", class: "small",
                        onclick: () => remove(id, name) }, t("Remove"), h("span", { class: "unseen" }, `: ${name}`))))))
                : quiet(t("Nobody watches this ticket.")),
            mayWrite && h("p", { class: "badges" },
                own && !isWatching && h("button", { type: "button", class: "small",
                    onclick: watch }, t("Watch")),
                h("button", { type: "button", class: "small", onclick: () => askWatcher(data) },
                    t("Add a colleague…"))),
        ];
    }
    async function askWatcher(watching) {
        const known = new Set(watching.map(({ user_id: id }) => id));
        const others = (await colleagues()).filter(({ id }) => !known.has(id));
        if (!others.length) return toast(t("All colleagues watch it already."));
        const select = h("select", { id: "watcher-choice" },
            others.map(({ id, name }) => h("option", { value: id }, name)));
        ask({
            title: t("Add a watcher"), action: t("Add"),
            fields: [{ name: "user_id", get: () => select.value, element: h("div", { class: "field",
                "data-name": "user_id" }, h("label", { for: select.id }, t("Colleague")), select,
            h("p", { class: "fault" })) }],
            run: ({ user_id: id }) => add(id),
        });
    }
    return section(t("Watchers"), {}, list);
}
