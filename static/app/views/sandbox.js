import { get, may } from "../api.js";
import { leaveSandbox, lentSandbox } from "../borrowed.js";
import { advancer, enter, pathOf, remove, showToken } from "../sandboxes/actions.js";
import { comparison } from "../sandboxes/comparison.js";
import { doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { menuButton } from "../../ui/menu.js";
import { ago, instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** One sandbox: its clock, what has happened in it, and how that differs from the agency or another one. */
export function sandbox({ id, query, signal }) {
    const heading = h("h1", { dir: "auto" }, t("Sandbox")), actions = h("div", { class: "actions" });
    const isInside = lentSandbox()?.id === id;
    let after = null;
    const load = async () => {
        // From inside only its clock can be read.
        if (!isInside) return get(pathOf(id), signal);
        const { now, advancing } = await get(`${pathOf(id)}/clock`, signal);
        return { ...lentSandbox(), now, advancing, start_at: null };
    };
    const clock = h("strong", {});
    const place = pending(load, (one) => {
        fill(heading, one.name);
        document.title = `${one.name} – ${t("Sandboxes")} – Bureau`;
        fill(actions, buttons(one, isInside));
        fill(clock, instantIn(one.now));
        after ??= isInside ? null : comparison(one, { query, signal });
        return [
            section(t("Clock"), {}, h("p", {}, t("It is there:"), " ", clock),
                may("sandboxes:write") && advancer(one, { onDone({ now }) {
                    one.now = now;
                    fill(clock, instantIn(now));
                    after?.reload?.();
                } })),
            !isInside && section(t("Details"), {}, facts([
                [t("Made from"), one.from === "live" ? t("A copy of this agency") : t("Nothing")],
                [t("Made"), ago(one.created_at)], [t("Its clock began at"), instantIn(one.start_at)],
                [t("Token valid until"), ago(one.token_expires_at)],
            ])),
            after ?? quiet(t("Leave the sandbox to compare it with the agency.")),
        ];
    }, { signal });
    return { title: t("Sandbox"), content: [
        h("p", { class: "links" }, h("a", { href: "#/sandboxes" }, t("Sandboxes"))),
        h("div", { class: "heading" }, heading, actions), place,
    ] };
}

function buttons(one, isInside) {
    const trouble = h("div");
    if (isInside) return h("button", { type: "button", onclick: leaveSandbox }, t("Leave sandbox"));
    return may("sandboxes:write") && [
        doing(t("Enter sandbox"), () => enter(one), { place: trouble }),
        menuButton(t("More"), () => [
            { text: t("New token for programs"), run: () => showToken(one) },
            { text: t("Delete"), run: async () => {
                if (await remove(one)) location.hash = "/sandboxes";
            } },
        ]), trouble,
    ];
}
