import { call, download, get, may } from "./api.js";
import { saveFile } from "./records/export.js";
import { dialog } from "../ui/dialog.js";
import { fill, h } from "../ui/dom.js";
import { spokenAs, urgent } from "../ui/state.js";
import { size, dataURL, uploads } from "../ui/upload.js";
import { t } from "../ui/words.js";

/* Files that came or go with a message. What others have sent is shown as a picture or as text, and never opened as a
   page; anything else can only be saved. */

const of = (id) => `/v1/files/${encodeURIComponent(id)}`;
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const texts = new Set(["text/plain", "text/csv", "application/json"]);
const shownMax = 5_000_000;

/** The files of a message by their ids; null where there are none. */
export function attachments(ids) {
    if (!ids?.length || !may("files:read")) return null;
    const list = h("ul", { class: "files", ...spokenAs(t("Attachments")) });
    Promise.all(ids.map((id) => get(of(id)).catch(() => null))).then((files) => fill(list, files.map(line)));
    return list;
}

function line(file) {
    if (!file) return h("li", { class: "quiet" }, t("This file is no longer there."));
    const { id, name, media_type: type } = file;
    const isShown = file.size <= shownMax && (pictures.has(type) || texts.has(type));
    // In the dialog that shows the file, or else at its line.
    const save = ({ currentTarget }) => saveFile(() => download(`${of(id)}/content`, name),
        currentTarget.closest("dialog")?.querySelector(".file-preview") ?? item);
    const item = h("li", {},
        h("button", { type: "button", class: "file", onclick: isShown ? () => preview(file, save) : save },
            h("span", { class: "file-name", dir: "auto" }, name), h("span", { class: "quiet" }, size(file.size))));
    return item;
}

function preview(file, save) {
    const place = h("div", { class: "file-preview" }, h("p", { class: "quiet loading" }, t("Loading…")));
    dialog({
        title: file.name, wide: true,
        content: () => [place, h("div", { class: "actions end" },
            h("button", { type: "button", class: "primary", onclick: save }, t("Download file")))],
    });
    call(`${of(file.id)}/content`).then((response) => response.blob()).then(async (blob) => fill(place,
        pictures.has(file.media_type) ? h("img", { src: await dataURL(blob, file.media_type), alt: file.name })
            : h("pre", { tabindex: 0 }, (await blob.text()).slice(0, 100_000))))
        .catch((problem) => fill(place, h("p", urgent, problem.detail ?? t("The file cannot be shown."))));
}

/** A picture of a record, described for those who do not see it. */
export function picture(path, type, alt) {
    const place = h("div", { class: "file-preview" }, h("p", { class: "quiet loading" }, t("Loading…")));
    call(path).then((response) => response.blob()).then(async (blob) => fill(place,
        h("img", { src: await dataURL(blob, type), alt })))
        .catch((problem) => fill(place, h("p", urgent, problem.detail ?? t("The file cannot be shown."))));
    return place;
}

/** Files to go with a message: the agency keeps each as soon as it is chosen. */
export const attaching = (files, changed) => uploads(files, {
    changed,
    async send(file) {
        const headers = { "Content-Type": file.type || "application/octet-stream" };
        const path = `/v1/files?name=${encodeURIComponent(file.name)}`;
        const { id, name, size } = await (await call(path, { method: "POST", body: file, headers })).json();
        return { id, name, size };
    },
});
