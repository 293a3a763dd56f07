import { call, get, may } from "../api.js";
import { badge, doing, fill, h, pending, quiet, table } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, instantIn, tone, words } from "../format.js";
import { secretBox } from "../settings/parts.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

/** Sandboxes: copies of the agency with a clock of their own, from which nothing goes out. */
export function sandboxes({ signal, isNew }) {
    const place = pending(() => get("/v1/sandboxes?limit=100", signal), ({ data }) => (data.length
        ? table("Sandboxes", ["Name", "Made from", "Its time", "Status", ""],
            data.map((one) => row(one, reload)), "stacked")
        : h("div", { class: "empty" }, h("p", {}, h("strong", {}, "No sandboxes yet")),
            quiet("In a sandbox agents can be tried for weeks within minutes. Nothing leaves it."))), { signal });
    const reload = () => place.reload();
    if (isNew) setTimeout(() => make(reload));
    return {
        title: isNew ? "New sandbox" : "Sandboxes",
        content: [
            h("div", { class: "heading" }, h("h1", {}, "Sandboxes"), may("sandboxes:write")
                && h("div", { class: "actions" }, h("button", { type: "button", class: "primary", "data-key": "n",
                    onclick: () => make(reload) }, "New sandbox"))),
            place,
        ],
    };
}

export const newSandbox = (context) => sandboxes({ ...context, isNew: true });

function row(one, reload) {
    const path = `/v1/sandboxes/${encodeURIComponent(one.id)}`, trouble = h("div");
    const time = h("span", {}, "–");
    get(`${path}/clock`).then(({ now }) => now && fill(time, instantIn(now, "UTC")), () => {});
    const remove = async () => {
        const isMeant = await confirm({
            title: "Delete sandbox?", text: `${one.name} goes with all that is in it.`, action: "Delete", isGrave: true,
        });
        if (!isMeant) return;
        await call(path, { method: "DELETE" });
        toast("Sandbox deleted");
        await reload();
    };
    const on = (text, by) => doing(text, async () => {
        await call(`${path}/clock/advance`, { method: "POST", body: { by } });
        toast(`${one.name} is advancing`);
        await reload();
    }, { place: trouble, class: "small" });
    return h("tr", {},
        h("th", { scope: "row", dir: "auto" }, one.name),
        h("td", { "data-label": "Made from" }, one.from === "live" ? "A copy of this agency" : "Nothing"),
        h("td", { "data-label": "Its time" }, time),
        h("td", {}, one.status ? badge(words(one.status), tone(one.status)) : ago(one.created_at)),
        h("td", {}, may("sandboxes:write") && h("div", { class: "actions" },
            on("Advance a day", "P1D"), on("Advance a week", "P7D"),
            doing("Delete", remove, { place: trouble, class: "small" })), trouble));
}

function make(reload) {
    const body = h("div");
    body.append(form({ action: "Save", async submit({ name, from }) {
        const made = await (await call("/v1/sandboxes", { method: "POST", body: { name: name.trim(), from } })).json();
        await reload();
        toast("Sandbox created");
        if (!made.token) return close();
        fill(body, secretBox("Token for the API", made.token),
            h("div", { class: "actions end" }, h("button", { type: "button", onclick: () => close() }, "Done")));
    } },
    field("Name", "name", { required: true, autofocus: true }),
    field("Made from", "from", { control: "select", value: "live", options: [
        ["live", "A copy of this agency"], ["empty", "Nothing"],
    ] })));
    const { close } = dialog({ title: "New sandbox", content: () => body });
}
