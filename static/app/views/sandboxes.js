import { get, may } from "../api.js";
import { leaveSandbox, lentSandbox } from "../borrowed.js";
import { enter, makeSandbox, remove, showToken } from "../sandboxes/actions.js";
import { badge, doing, h, pending } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { ago, instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Sandboxes: copies of the agency with a clock of their own, from which nothing goes out. */
export function sandboxes({ signal, isNew }) {
    const lent = lentSandbox();
    if (lent) return inside(lent);
    const place = pending(() => get("/v1/sandboxes?limit=100", signal), ({ data }) => (data.length
        ? table(t("Sandboxes"), [t("Name"), t("Made from"), t("Its time"), t("Made"), ""],
            data.map((one) => row(one, reload)), "leads stacked")
        : empty(t("No sandboxes yet"), {
            about: t("In a sandbox agents can be tried for weeks within minutes. Nothing leaves it."),
        })), { signal });
    const reload = () => place.reload();
    const open = () => makeSandbox({ onSaved: reload,
        onClose: () => location.hash === "#/sandboxes/new" && history.replaceState(null, "", "#/sandboxes") });
    if (isNew) setTimeout(open);
    return {
        title: isNew ? t("New sandbox") : t("Sandboxes"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Sandboxes")), may("sandboxes:write")
                && h("div", { class: "actions" }, h("button", { type: "button", class: "primary", "data-key": "n",
                    onclick: open }, t("New sandbox")))),
            place,
        ],
    };
}

export const newSandbox = (context) => sandboxes({ ...context, isNew: true });

/** A sandbox has no sandboxes: whoever is in one finds the way out here. */
const inside = ({ id, name }) => ({ title: t("Sandboxes"), content: [
    h("h1", {}, t("Sandboxes")),
    h("div", { class: "card" }, h("p", {}, t("You are in the sandbox {name}. Leave it to see the others.", { name })),
        h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onclick: leaveSandbox },
            t("Leave and see all")), h("a", { class: "button", href: `#/sandboxes/${encodeURIComponent(id)}` },
            t("Advance its clock")))),
] });

function row(one, reload) {
    const trouble = h("div");
    return h("tr", {},
        h("th", { scope: "row", dir: "auto" }, h("a", { href: `#/sandboxes/${encodeURIComponent(one.id)}` }, one.name)),
        h("td", { "data-label": t("Made from") }, one.from === "live" ? t("A copy of this agency") : t("Nothing")),
        h("td", { "data-label": t("Its time") }, instantIn(one.now), one.advancing && [" ", badge(t("Advancing"),
            "warn")]),
        h("td", { "data-label": t("Made") }, ago(one.created_at)),
        h("td", {}, may("sandboxes:write") && h("div", { class: "actions" },
            doing(t("Enter"), () => enter(one), { place: trouble, class: "small", ...spokenAs(t("Enter {sandbox}",
                { sandbox: one.name })) }),
            menuButton(t("More"), () => [
                { text: t("New token for programs"), run: () => showToken(one) },
                { text: t("Delete"), run: async () => await remove(one) && reload() },
            ], { class: "small", ...spokenAs(t("More about {sandbox}", { sandbox: one.name })) })), trouble));
}
