import { download, get, withQuery } from "../api.js";
import { h, whyNot } from "../dom.js";
import { t } from "../words.js";
import { lasting } from "../../ui/busy.js";
import { toast } from "../../ui/toast.js";

/* Records as a file. */

const pageMax = 100;

/** All that a list shows, as the server writes it. */
export async function saveList(kind, wanted) {
    const progress = lasting(t("Exporting"));
    try {
        await download(withQuery(`${kind.path}/export`, { file_format: "csv", ...wanted }), `${kind.plural}.csv`);
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
            rows.push(...part.map((id) => data.find((one) => one.id === id)).filter(Boolean));
            for (const _ of part) progress.step();
        }
        const lines = [fields.map(({ name }) => name), ...rows.map((row) => fields.map(({ name }) => cell(row[name])))];
        save(lines.map((line) => line.map(quoted).join(",")).join("\n"), `${kind.plural}.csv`);
    } catch (problem) {
        toast(t("Not exported: {reason}", { reason: whyNot(problem) }));
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
