import { call, download, get, may } from "./api.js";
import { saveFile } from "./records/export.js";
import { dialog } from "../ui/dialog.js";
import { fill, h, whyNot } from "../ui/dom.js";
import { polite, unheard, urgent } from "../ui/state.js";
import { perLocale, t } from "../ui/words.js";

/* Files that came or go with a message. What others have sent is shown as a picture or as text, and never opened as a
   page; anything else can only be saved. */

const of = (id) => `/v1/files/${encodeURIComponent(id)}`;
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const texts = new Set(["text/plain", "text/csv", "application/json"]);
const shownMax = 5_000_000;

const kilobytes = perLocale((tag) => new Intl.NumberFormat(tag, {
    style: "unit", unit: "kilobyte", maximumFractionDigits: 0,
}));
const megabytes = perLocale((tag) => new Intl.NumberFormat(tag, {
    style: "unit", unit: "megabyte", maximumFractionDigits: 1,
}));

/** "12 kB", "3.4 MB". */
export const size = (bytes) =>
    (bytes < 1_000_000 ? kilobytes().format(Math.max(1, bytes / 1000)) : megabytes().format(bytes / 1_000_000));

/** The files of a message by their ids; null where there are none. */
export function attachments(ids) {
    if (!ids?.length || !may("files:read")) return null;
    const list = h("ul", { class: "files", "aria-label": t("Attachments") });
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

/** A picture as the page's own policy allows it: it may show data, but load nothing. */
export const dataURL = (blob, type) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([blob], { type }));
});

/**
 * What is to go with a message: a button that uploads files, and the list of them. `files` are {id, name, size};
 * `there()` resolves when all that were chosen are there, to whether none has failed.
 */
export function attaching(files, changed) {
    const list = h("ul", { class: "files", "aria-label": t("Attached files") });
    const input = h("input", { type: "file", multiple: true, hidden: true, onchange: () => add([...input.files]) });
    let adding = Promise.resolve(true);
    const button = h("button", { type: "button", onclick: () => input.click() }, t("Attach file"));
    const draw = (note) => fill(list, files.map((file) => h("li", {}, h("span", { class: "file" },
        h("span", { class: "file-name", dir: "auto" }, file.name), h("span", { class: "quiet" }, size(file.size)),
        h("button", { type: "button", class: "plain-button", "aria-label": t("Remove {name}", { name: file.name }),
            onclick() {
                files.splice(files.indexOf(file), 1);
                draw();
                changed();
                button.focus();
            } }, h("span", { class: "icon close", ...unheard }))))),
                note && h("li", polite, note));

    const add = (chosen) => (adding = adding.then(() => upload(chosen)));

    async function upload(chosen) {
        let areThere = true;
        for (const file of chosen) {
            draw(t("Uploading {name}…", { name: file.name }));
            try {
                const path = `/v1/files?name=${encodeURIComponent(file.name)}`;
                const headers = { "Content-Type": file.type || "application/octet-stream" };
                const { id, name, size: bytes } = await (await call(path,
                    { method: "POST", body: file, headers })).json();
                files.push({ id, name, size: bytes });
                draw();
                changed();
            } catch (problem) {
                areThere = false;
                draw(t("{name} was not uploaded. {why}", { name: file.name, why: whyNot(problem) }));
            }
        }
        input.value = "";
        return areThere;
    }
    draw();
    function there() {
        const all = adding;
        // Of what has failed somebody is told once.
        adding = adding.then(() => true);
        return all;
    }
    return { button, input, list, draw, add, there };
}
