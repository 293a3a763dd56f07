import { download, get, withQuery } from "../api.js";
import { lasting } from "../../ui/busy.js";
import { doing, failure, h } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { flat } from "./custom.js";

/* Records as a file, and files that are saved: how far it is, its end, and what went wrong where it was asked for. */

const pageMax = 100;

/** A button that saves something as a file, and the place below it for what goes wrong. */
export function exporting(label, run, attributes = {}) {
    const place = h("div", { class: "notices" });
    return [doing(label, run, { ...attributes, place }), place];
}

/** All that a list shows, as the server writes it. */
export async function saveList(kind, wanted = {}) {
    const progress = lasting(t("Exporting"));
    try {
        await download(withQuery(`${kind.path}/export`, { file_format: "csv", ...wanted }), `${kind.plural}.csv`);
        toast(t("{things} exported", { things: kind.title }));
    } finally {
        progress.end();
    }
}

const troubles = new WeakMap();

/** Saves a file that `load` gives; what goes wrong stands at `near` until it is tried again. */
export async function saveFile(load, near) {
    troubles.get(near)?.remove();
    const progress = lasting(t("Saving the file"));
    try {
        await load();
    } catch (problem) {
        const place = h("div", { class: "notices" }, failure(problem, () => saveFile(load, near)));
        troubles.set(near, place);
        if (near.matches("li, section, main")) near.append(place);
        else near.after(place);
    } finally {
        progress.end();
    }
}

/** The records that were chosen, each with all its fields. */
export async function saveSelection(kind, records) {
    const progress = lasting(t("Exporting"), records.length);
    const fields = [...kind.fields.values()]
        .filter(({ schema }) => schema.type !== "object" || schema.properties?.amount);
    try {
        const rows = [];
        for (let at = 0; at < records.length; at += pageMax) {
            const part = records.slice(at, at + pageMax).map(({ id }) => id);
            const { data } = await get(withQuery(kind.path, { id: part.join(","), limit: pageMax }));
            rows.push(...part.map((id) => data.find((one) => one.id === id)).filter(Boolean).map(flat));
            for (const _ of part) progress.step();
        }
        const lines = [fields.map(({ name }) => name), ...rows.map((row) => fields.map(({ name }) => cell(row[name])))];
        save(lines.map((line) => line.map(quoted).join(",")).join("\n"), `${kind.plural}.csv`);
        toast(t("{things} exported", { things: kind.title }));
    } finally {
        progress.end();
    }
}

function cell(value) {
    if (value === null || value === undefined) return "";
    if (Array.isArray(value)) return value.filter((one) => typeof one !== "object").join(";");
    if (value.currency) return `${value.amount} ${value.currency}`;
    return typeof value === "object" ? "" : String(value);
}

/** A cell that a spreadsheet could run is no formula behind an apostrophe. */
const quoted = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

function save(text, name) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
