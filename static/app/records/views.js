import { tenant, withQuery, whoIsMe } from "../api.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

/* Views of a list: a search, filters and columns kept under a name, in this browser. */

const place = (kind) => `views ${tenant().id} ${whoIsMe()?.user?.id ?? ""} ${kind.plural}`;
const read = (kind) => JSON.parse(localStorage.getItem(place(kind)) ?? "[]");
const write = (kind, views) => localStorage.setItem(place(kind), JSON.stringify(views));

/** {row, keeper}: the views as tabs, and the button that keeps what is shown as one more. */
export function viewTabs(kind, { address, state }) {
    const row = h("div");
    const keeper = h("button", { type: "button", class: "small", onclick: ask }, "Save view");
    const go = (query) => {
        const to = withQuery(address, query);
        if (location.hash === to) window.dispatchEvent(new HashChangeEvent("hashchange"));
        else location.hash = to.slice(1);
    };
    const isShown = (query) => {
        const now = Object.entries(state()).filter(([name, value]) => value && name !== "columns");
        const own = Object.entries(query ?? {}).filter(([name, value]) => value && name !== "columns");
        return JSON.stringify(now.sort()) === JSON.stringify(own.sort());
    };
    const tab = (name, query) => h("button", {
        type: "button", role: "tab", "aria-selected": String(isShown(query)), onclick: () => go(query ?? {}),
    }, name);
    function draw() {
        const views = read(kind);
        fill(row, views.length > 0 && h("div", { role: "tablist", "aria-label": "Views", class: "tablist" },
            tab("All", null), views.map(({ name, query }) => tab(name, query))));
    }
    function ask() {
        const { close } = dialog({
            title: "Save view",
            content: () => form({ action: "Save", submit({ name }) {
                const called = name.trim();
                if (!called) throw { errors: [{ pointer: "/name", detail: "Enter a name." }] };
                write(kind, [...read(kind).filter((one) => one.name !== called), { name: called, query: state() }]);
                close();
                draw();
                toast("View saved");
            } }, field("Name", "name", { required: true, autofocus: true, hint: "Kept in this browser." })),
        });
    }
    draw();
    return { row, keeper };
}
