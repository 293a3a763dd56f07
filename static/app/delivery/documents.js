import { call, download, get, may, withQuery } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { saveFile } from "../records/export.js";
import { copy } from "../selling/papers.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { ago } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** Sends a file's bytes, and gives the stored file. */
export const upload = async (file) => (await call(withQuery("/v1/files", { name: file.name }), {
    method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
})).json();

/** A control for `ask` that picks a file. */
export function fileField(name, label, more = {}) {
    const element = field(label, name, { type: "file" });
    const input = element.querySelector("input");
    return { name, element, field: { required: true, ...more }, get: () => input.files[0] ?? null };
}

const kinds = ["brief", "contract", "guideline", "report", "asset", "access", "other"];

/** The files that belong to a client, for the agency alone or for the client, too. */
export function documents(client, { signal, follow }) {
    const asks = withQuery("/v1/documents", { client_id: client.id, limit: 100 });
    const place = pending(() => get(asks, signal), ({ data }) => (data.length === 0
        ? quiet(t("No documents yet. Briefs, guidelines and files that you share with the client go here."))
        : h("ul", { class: "papers" }, data.map((one) => line(one, place.reload)))), { signal });
    follow(place.reload);
    const add = () => ask({
        title: t("Add document"), action: t("Upload"), said: t("Document added"),
        values: { kind: "other", visibility: "agency" },
        fields: [
            fileField("file", t("File")), asked.text("name", t("Name"), { help: t("The file's own name if empty.") }),
            asked.choice("kind", t("Kind"), kinds, { required: true }),
            asked.choice("visibility", t("Who sees it"), ["agency", "client"], { required: true }),
        ],
        async run({ file, name, ...rest }) {
            const stored = await upload(file);
            const body = { ...rest, client_id: client.id, file_id: stored.id, name: name || file.name };
            await call("/v1/documents", { method: "POST", body });
            await place.reload();
        },
    });
    return h("div", {}, may("documents:write") && h("p", { class: "actions" },
        h("button", { type: "button", class: "small", onclick: add }, t("Add document"))), place);
}

function line(one, changed) {
    const { id, name, kind, visibility, file_id, created_at, version } = one;
    const path = `/v1/documents/${encodeURIComponent(id)}`;
    const headers = { "If-Match": `"${version}"` };
    const save = ({ currentTarget }) => saveFile(
        () => download(`/v1/files/${encodeURIComponent(file_id)}/content`, name), currentTarget.closest("li"));
    return h("li", {},
        h("p", { class: "badges" }, h("strong", { dir: "auto" }, name), badge(words(kind)),
            badge(visibility === "client" ? t("Client sees it") : t("Agency only"))),
        h("div", { class: "actions" },
            h("span", { class: "quiet" }, ago(created_at)),
            h("button", { type: "button", class: "small", onclick: save }, t("Download")),
            may("files:read") && h("button", { type: "button", class: "small", onclick: () => share(file_id) },
                t("Copy a link for an hour")),
            may("documents:write") && menuButton(t("Change"), () => [
                { text: t("Edit"), run: () => ask({
                    title: t("Edit document"), action: t("Save"), said: t("Document saved"), values: one,
                    fields: [asked.text("name", t("Name"), { required: true }), asked.choice("kind", t("Kind"), kinds),
                        asked.choice("visibility", t("Who sees it"), ["agency", "client"])],
                    run: (body) => call(path, { method: "PATCH", body, headers }).then(changed),
                }) },
                { text: t("Delete"), run: () => ask({
                    title: t("Delete document?"), action: t("Delete"), isGrave: true, said: t("Document deleted"),
                    text: t("This cannot be undone."), run: () => call(path, { method: "DELETE" }).then(changed),
                }) },
            ], { class: "small", ...spokenAs(pair(t("Change"), name)) })));
}

/** Copies a link by which a file is saved without signing in. */
async function share(id) {
    try {
        const { url } = await (await call(`/v1/files/${encodeURIComponent(id)}/link`, { method: "POST" })).json();
        await copy(new URL(url, location.origin).href);
    } catch (problem) {
        alarm(t("Not done. {why}", { why: whyNot(problem) }));
    }
}
