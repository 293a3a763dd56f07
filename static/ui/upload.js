import { fill, h, whyNot } from "./dom.js";
import { polite, unheard } from "./state.js";
import { perLocale, t } from "./words.js";

const kilobytes = perLocale((tag) => new Intl.NumberFormat(tag, {
    style: "unit", unit: "kilobyte", maximumFractionDigits: 0,
}));
const megabytes = perLocale((tag) => new Intl.NumberFormat(tag, {
    style: "unit", unit: "megabyte", maximumFractionDigits: 1,
}));

/** "12 kB", "3.4 MB". */
export const size = (bytes) =>
    (bytes < 1_000_000 ? kilobytes().format(Math.max(1, bytes / 1000)) : megabytes().format(bytes / 1_000_000));

/**
 * Files that are to go with something: a button that uploads them, and the list of them. `files` are {id, name, size},
 * which `send(file)` gives; `there()` resolves when all that were chosen are there, to whether none has failed.
 */
export function uploads(files, { send, changed }) {
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
                files.push(await send(file));
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

/** A picture as the page's own policy allows it: it may show data, but load nothing. */
export const dataURL = (blob, type) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([blob], { type }));
});
