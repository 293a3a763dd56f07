import { call, get, whoIsMe } from "../api.js";
import { h, pending, quiet, section, table } from "../dom.js";
import { field, form, showProblem } from "../forms.js";
import { ago, words } from "../format.js";
import { kindOf } from "../records/meta.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";
import { listPage, secretBox } from "./parts.js";

/** A group of boxes by name: [code, text]; `read` gives the codes that are ticked. */
function ticks(legend, name, codes) {
    const box = ([code, text]) => h("label", { class: "tick" },
        h("input", { type: "checkbox", name, value: code }), text);
    const element = h("fieldset", { class: "field ticks", "data-name": name }, h("legend", {}, legend), codes.map(box),
        h("p", { class: "fault" }));
    return { element, read: () => [...element.querySelectorAll("input:checked")].map(({ value }) => value) };
}

const textOf = (permission) => {
    const [what, right] = permission.split(":");
    return `${words(what)}: ${right.replaceAll("_", " ")}`;
};

/** A dialog that makes something whose secret shows once: the form first, then the secret in its place. */
function makeOnce({ title, action, fields, body, path, label, secretOf, reload }) {
    const place = h("div");
    place.append(form({ action, async submit(entered, notice) {
        try {
            const made = await (await call(path, { method: "POST", body: body(entered) })).json();
            reload();
            place.replaceChildren(secretBox(label, secretOf(made)),
                h("div", { class: "actions end" }, h("button", { type: "button", onclick: () => close() }, "Done")));
        } catch (problem) {
            showProblem(notice.closest("form"), notice, problem);
        }
    } }, fields));
    const { close } = dialog({ title, wide: true, content: () => place });
}

export const apiKeys = listPage("api-keys", {
    label: "New API key", about: "A key acts for a program, with the permissions that it is given.",
    open(kind, reload) {
        const group = ticks("Permissions", "scopes", whoIsMe().permissions.map((one) => [one, textOf(one)]));
        makeOnce({
            title: "New API key", action: "Create", path: kind.path, label: "API key", reload,
            fields: [field("Name", "name", { required: true, autofocus: true, maxlength: 100 }), group.element],
            body: ({ name }) => ({ name: name.trim(), scopes: group.read() }),
            secretOf: ({ key, secret, token }) => key ?? secret ?? token,
        });
    },
});

const webhookPath = (id) => `/v1/webhooks/${encodeURIComponent(id)}`;

export const webhooks = listPage("webhooks", {
    label: "New webhook", about: "Bureau tells another system what has happened, as it happens.",
    facts: ["events"],
    async open(kind, reload) {
        const { data } = await get("/v1/meta/events");
        const named = data.filter(({ stored }) => stored).map(({ name }) => [name, words(name)]);
        const group = ticks("Events", "events", named);
        makeOnce({
            title: "New webhook", action: "Save", path: kind.path, label: "Signing secret", reload,
            fields: [field("URL", "url", { type: "url", required: true, autofocus: true }), group.element],
            body: ({ url }) => ({ url: url.trim(), events: group.read() }),
            secretOf: ({ secret }) => secret,
        });
    },
    actions: ({ id }, { reload }) => h("button", { type: "button", class: "primary", async onclick() {
        try {
            await call(`${webhookPath(id)}/test`, { method: "POST" });
            toast("A test is on its way");
        } catch (problem) {
            toast(`Not sent: ${problem.detail ?? problem.title}`);
        }
        await reload();
    } }, "Send test"),
    panels: (hook, { signal }) => [
        section("Events", {}, h("ul", {}, hook.events.map((name) => h("li", {}, words(name))))),
        deliveries(hook, signal),
    ],
});

function deliveries({ id }, signal) {
    const path = `/v1/webhook-deliveries?webhook_id=${encodeURIComponent(id)}&sort=-created_at&limit=30`;
    let rounds = 0;
    const place = pending(() => get(path, signal), ({ data }) => {
        // A test is delivered within seconds: looked for as long.
        const isOpen = data.some(({ status }) => ["pending", "queued", "sending", "retrying"].includes(status));
        if ((isOpen || data.length === 0) && ++rounds < 12) setTimeout(() => signal.aborted || place.reload(), 900);
        return data.length === 0 ? quiet("Nothing has been delivered yet.") : drawDeliveries(data, place.reload);
    }, { signal });
    return section("Deliveries", {}, place);
}

function drawDeliveries(data, reload) {
    const again = ({ id }) => h("button", { type: "button", class: "small", async onclick() {
        await call(`/v1/webhook-deliveries/${encodeURIComponent(id)}/redeliver`, { method: "POST" })
            .then(() => toast("Delivered again"), (problem) => toast(`Not delivered: ${problem.title}`));
        await reload();
    } }, "Redeliver");
    return table("Deliveries", ["Event", "Result", "When", ""], data.map((one) => h("tr", {},
        h("th", { scope: "row" }, words(one.event_type ?? one.event ?? "event")),
        h("td", { "data-label": "Result" }, resultOf(one)), h("td", {}, ago(one.created_at)),
        h("td", {}, again(one)))), "stacked");
}

const resultOf = ({ status, response_status, status_code }) =>
    [words(status), response_status ?? status_code].filter(Boolean).join(", ");

export const rolesPage = listPage("roles", {
    about: "Besides owner, admin, manager, member and viewer, an agency can have roles of its own.",
    async open(_, reload) {
        const kind = await kindOf("roles");
        const group = ticks("Permissions", "permissions", whoIsMe().permissions.map((one) => [one, textOf(one)]));
        const { close } = dialog({ title: "New role", wide: true, content: () => form({
            action: "Save", async submit({ name }) {
                const title = name.trim();
                const code = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
                await call(kind.path, { method: "POST", body: { name: code, title, permissions: group.read() } });
                close();
                toast("Role created");
                await reload();
            },
        }, field("Name", "name", { required: true, autofocus: true }), group.element) });
    },
});
