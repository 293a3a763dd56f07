import { call, get, may, tenant, whoIsMe, withQuery } from "../api.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { fill, h, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { menuButton } from "../../ui/menu.js";
import { tabOf, tabsOf } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/* Views of a list: a search, filters, a sorting and columns kept under a name, for oneself or for everyone. */

const path = "/v1/views";
const at = ({ id }) => `${path}/${encodeURIComponent(id)}`;

/** Only what says something; the API keeps texts. */
const filled = (state) => Object.fromEntries(Object.entries(state)
    .filter(([name, value]) => value && name !== "view" && name !== "as"));

const inOrder = (state) => JSON.stringify(Object.entries(filled(state)).sort());
const isSame = (a, b) => inOrder(a) === inOrder(b);

/* As they were last read, by person and kind: a list opens with the row of its views, and nothing moves for them. */
const known = new Map();
const keyOf = (plural) => `${tenant().id} ${whoIsMe()?.user?.id} ${plural}`;

/** Reads the views of a kind, where they are not known yet. */
export async function whenViewed(plural, signal) {
    if (may("views:read") && !known.has(keyOf(plural))) await readViews(plural, signal);
}

const readViews = async (plural, signal) => {
    const asked = withQuery(path, { resource: plural, sort: "name", limit: 200 });
    await get(asked, signal).then(({ data }) => known.set(keyOf(plural), data), () => null);
};

/**
 * {row, keeper, draw}: the views as tabs, and what keeps or changes one. `state()` is what the list shows, with the id
 * of the view that it was opened with; `open(query, id)` shows another.
 */
export function viewTabs(kind, { state, open, signal }) {
    const row = h("div", { class: "views" }), keeper = h("span", { class: "actions" });
    let views = known.get(keyOf(kind.plural)) ?? [];
    if (!may("views:read")) return { row, keeper, draw() {} };

    async function read() {
        await readViews(kind.plural, signal);
        views = known.get(keyOf(kind.plural)) ?? views;
        if (!signal?.aborted) draw();
    }
    const shown = () => views.find(({ id }) => id === state().view)
        ?? views.find(({ query }) => isSame(query, state()));
    const isOwn = ({ owner_id }) => owner_id === whoIsMe()?.user?.id || may("views:manage");

    function draw() {
        const now = shown();
        const tab = (name, isShown, run, more) => h("button", {
            type: "button", ...tabOf(isShown), dir: "auto", onclick: run,
        }, name, more);
        fill(row, views.length > 0 && h("div", { ...tabsOf(t("Views")), class: "tablist" },
            tab(t("All"), !now && isSame({}, state()), () => open({}, "")),
            views.map((view) => tab(view.name, view === now, () => open(view.query, view.id)))));
        fill(keeper, now && isOwn(now) && menuButton(t("Change view"), () => items(now), { class: "small" }),
            may("views:write") && !(now && isSame(now.query, state()))
                && h("button", { type: "button", class: "small", onclick: () => ask() }, t("Save view")));
    }
    const items = (view) => [
        !isSame(view.query, state()) && { text: t("Update view"), run: () => update(view) },
        { text: t("Rename view"), run: () => ask(view) },
        { text: t("Delete view"), run: () => remove(view) },
    ];

    function ask(view) {
        const title = view ? t("Rename view") : t("Save view");
        const { close } = dialog({ title, content: () => form({ action: t("Save"), async submit({ name, shared }) {
            const body = { name: name.trim(), is_shared: shared === "on" };
            if (!body.name) throw { errors: [{ pointer: "/name", detail: t("Enter a name.") }] };
            const kept = view ? await send("PATCH", at(view), body)
                : await send("POST", path, { ...body, resource: kind.plural, query: filled(state()) });
            close();
            if (!view) open(kept.query, kept.id);
            await read();
            toast(t("View saved"));
        } }, field(t("Name"), "name", { required: true, autofocus: true, maxlength: 100, value: view?.name ?? "" }),
        share(view)) });
    }
    async function update(view) {
        const gone = Object.fromEntries(Object.keys(view.query).map((name) => [name, null]));
        await told(send("PATCH", at(view), { query: { ...gone, ...filled(state()) } }));
        await read();
    }
    async function remove(view) {
        const isMeant = await confirm({
            title: t("Delete view?"), action: t("Delete"), isGrave: true,
            text: view.is_shared ? t("{name} goes for everyone. The records stay.", { name: view.name })
                : t("{name} goes. The records stay.", { name: view.name }),
        });
        if (!isMeant) return;
        await told(call(at(view), { method: "DELETE" }), t("View deleted"));
        open({}, "");
        await read();
    }
    live("view.*", read, signal ?? new AbortController().signal);
    draw();
    read();
    return { row, keeper, draw };
}

const share = (view) => {
    const id = "view-shared";
    return h("div", { class: "field box", "data-name": "is_shared" },
        h("input", { type: "checkbox", id, name: "shared", checked: view?.is_shared ?? false }),
        h("label", { for: id }, t("Share with everyone")), h("p", { class: "fault" }));
};

const send = async (method, to, body) => (await call(to, { method, body })).json();

const told = (doing, said = t("View saved")) => doing.then(() => toast(said),
    (problem) => alarm(t("Not saved: {reason}", { reason: whyNot(problem) })));
