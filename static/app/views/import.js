import { call, download, get, withQuery } from "../api.js";
import { kindOf, titleOf } from "../records/meta.js";
import { countries } from "../settings/world.js";
import { parseCSV, textOf, writeCSV } from "../records/csv.js";
import { confirm } from "../../ui/dialog.js";
import { announce, doing, failure, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { number, percent, within } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { heard, inSentence, plural, t } from "../../ui/words.js";

/** Beyond this a file goes to the server as it is: the page would have to hold all of it. */
const bytesMax = 20_000_000;

/** Brings in a file: its columns are mapped by hand and seen before; an id in the address follows one that runs. */
export function importLeads({ id, query, signal }) {
    const plural = query.into ?? "leads";
    const title = t("Import {things}", { things: inSentence(titleOf(plural)) });
    const place = h("div");
    fill(place, id ? progress(plural, id, signal)
        : pending(() => kindOf(plural), (kind) => {
            const choice = chooser(kind, place);
            if (query.field) setTimeout(() => choice.querySelector(`[name="${CSS.escape(query.field)}"]`)?.focus());
            return [choice, earlier(plural, signal)];
        }, { signal }));
    return {
        title,
        content: [
            h("p", { class: "links" }, h("a", { href: `#/${plural}` }, titleOf(plural))), h("h1", {}, title), place,
        ],
    };
}

function chooser(kind, place) {
    return h("div", { class: "card narrow" }, form(
        {
            action: t("Continue"),
            async submit({ file, dedupe, country }) {
                if (!file.size) throw { title: t("No file to import."), detail: t("Choose a file that is not empty.") };
                const wanted = { dedupe, country };
                const isTable = !/\.(jsonl|ndjson)$/i.test(file.name) && file.size <= bytesMax;
                if (!isTable) return send(kind, file, wanted);
                const data = parseCSV(await textOf(file));
                if (!data.rows.length) throw { title: t("No rows found."),
                    detail: t("The first row names the columns.") };
                fill(place, mapper(kind, data, wanted, place));
                place.querySelector("h2").focus();
            },
        },
        field(t("File"), "file", {
            type: "file", accept: ".csv,.tsv,.txt,.jsonl,.ndjson,text/csv", required: true,
            hint: t("CSV with a header row, or JSON Lines."),
        }),
        field(t("If a record already exists"), "dedupe", {
            control: "select", value: "skip",
            options: [
                ["skip", t("Skip the row")], ["update", t("Update it with the filled cells")],
                ["create", t("Create a duplicate")],
            ],
        }),
        field(t("Default country"), "country", {
            control: "select", options: [["", t("Not chosen")], ...countries()],
            hint: t("For phone numbers without a country code. Optional."),
        })));
}

/** Lists earlier imports, each with its rows and the way to take it back. */
function earlier(plural, signal) {
    const load = () => get(withQuery("/v1/imports", { resource: plural.replaceAll("-", "_"), limit: 20 }), signal);
    const row = (job) => h("tr", {},
        h("th", { scope: "row", dir: "auto" },
            h("a", { href: withQuery(`#/import/${job.id}`, { into: plural }) }, job.file_name ?? t("Without a name"))),
        h("td", { "data-label": t("Status") }, statusBadge(job.status)),
        cell(t("Created"), number(job.created)), cell(t("Failed"), number(job.failed)),
        h("td", { "data-label": t("When") }, ago(job.created_at)));
    const columns = [t("File"), t("Status"), figure(t("Created")), figure(t("Failed")), t("When")];
    return pending(load, ({ data }) => data.length > 0 && section(t("Earlier imports"), {},
        table(t("Earlier imports"), columns, data.map(row), "stacked")), { signal });
}

async function send(kind, body, wanted) {
    const type = body.type === "text/csv" ? "text/csv" : "application/x-ndjson";
    const path = withQuery(`${kind.path}/import`, wanted);
    const response = await call(path, { method: "POST", body, headers: { "Content-Type": type } });
    const id = response.headers.get("Location").split("/").pop();
    location.hash = withQuery(`/import/${id}`, { into: kind.plural });
}

/** Which column becomes which field: guessed by its name, chosen by hand. */
function mapper(kind, data, wanted, place) {
    const fields = [...kind.fields.values()].filter(({ read_only, schema }) =>
        !read_only && !schema.items?.properties && (schema.type !== "object" || schema.properties?.amount));
    const known = [...fields.map(({ name, label }) => ({ name, label })),
        ...Object.entries(kind.named ?? {}).map(([name, text]) => ({ name, label: heard(text) ?? text }))];
    const options = [["", t("Leave out")], ...known.map(({ name, label }) => [name, label])];
    const plain = (text) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    const guess = (column) =>
        known.find(({ name, label }) => [name, label].map(plain).includes(plain(column)))?.name ?? "";
    const seen = h("div"), trouble = h("div");
    const controls = data.header.map((column, index) => field(t("Field for {column}", { column }), `column-${index}`, {
        control: "select", options, value: guess(column),
    }));
    const chosen = () => controls.map((one) => one.querySelector("select").value);
    const what = `${number(data.rows.length)} ${data.rows.length === 1 ? kind.singular : inSentence(kind.title)}`;

    async function bringIn() {
        const mapping = Object.fromEntries(data.header.map((column, index) => [column, chosen()[index] || null]));
        await send(kind, writeCSV(data), { ...wanted, mapping: JSON.stringify(mapping) });
    }
    function preview() {
        const columns = chosen().map((name, index) => [name, index]).filter(([name]) => name);
        if (!columns.length) throw { title: t("Nothing to import."),
            detail: t("Choose a field for one column at least.") };
        const row = (cells) => h("tr", {}, columns.map(([, index]) => h("td", { dir: "auto" }, cells[index] ?? "")));
        const headings = columns.map(([name]) => known.find((one) => one.name === name).label);
        fill(seen, h("div", { class: "scroll" }, table(t("Preview"), headings, data.rows.slice(0, 8).map(row))),
            quiet(t("The first of {what}. Nothing is written yet.", { what })),
            h("p", { class: "actions" },
                doing(t("Import {things}", { things: what }), bringIn, { place: trouble, class: "primary" })));
    }
    return h("div", { class: "card" },
        h("h2", { tabindex: -1 }, t("Which column is which?")), h("div", { class: "ticks" }, controls), trouble,
        h("p", { class: "actions" }, doing(t("Preview"), async () => preview(), { place: trouble }),
            h("button", { type: "button", onclick: () => fill(place, chooser(kind, place)) }, t("Another file"))),
            seen);
}

function progress(plural, id, signal) {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let isTakenBack = false;
    const place = pending(() => get(`/v1/imports/${encodeURIComponent(id)}`, signal), (job) => {
        if (["queued", "running", "undoing"].includes(job.status)) {
            wait(700).then(() => signal.aborted || place.reload());
        } else if (isTakenBack) toast(t("Import taken back"));
        else announce(t("Import {status}: {created} created, {failed} failed", {
            status: within(job.status), created: job.created, failed: job.failed,
        }));
        return report(job, plural, () => {
            isTakenBack = true;
            return place.reload();
        });
    }, { signal });
    return h("div", { class: "card" }, place);
}

function report(job, plural, reload) {
    const count = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, number(value)));
    const trouble = h("div");
    const isDone = job.status === "completed", isUndone = job.status === "undone";
    return [
        h("p", {}, statusBadge(job.status), " ", percent(job.progress)),
        h("progress", { value: job.progress, max: 1, ...spokenAs(t("Progress of the import")) }),
        job.error && failure({ title: t("The import failed."), detail: job.error.code ? whyNot(job.error) : job.error }),
        h("dl", { class: "figures" },
            count(t("Rows read"), job.processed), count(t("Created"), job.created), count(t("Updated"), job.updated),
            count(t("Skipped"), job.skipped), count(t("Failed"), job.failed)),
        isUndone && h("dl", { class: "figures" }, count(t("Removed"), job.removed), count(t("Restored"), job.restored),
            count(t("Kept, since it was changed"), job.kept)),
        job.failed > 0 && errors(job), job.warnings > 0 && warnings(job), trouble,
        (isDone || isUndone) && h("p", { class: "actions" },
            h("a", { class: "button primary", href: `#/${plural}` },
                t("View {things}", { things: inSentence(titleOf(plural)) })),
            isDone && job.created + job.updated > 0
                && doing(t("Undo import"), () => undo(job, reload), { place: trouble })),
    ];
}

/** Takes back what an import has done; what people have changed since stays. */
async function undo({ id }, reload) {
    const isMeant = await confirm({
        title: t("Undo import?"), action: t("Undo import"), isGrave: true,
        text: t("What this import has made goes, and what it changed is as it was. What was changed since stays."),
    });
    if (!isMeant) return;
    await call(`/v1/imports/${encodeURIComponent(id)}/undo`, { method: "POST" });
    await reload();
}

const errors = (job) => rowsApart(`/v1/imports/${encodeURIComponent(job.id)}/errors`, "import-errors.csv",
    plural(job.failed, "{count} row could not be imported. Download it to see why and correct it.",
        "{count} rows could not be imported. Download them to see why and correct them."),
    t("Download failed rows"));

const warnings = (job) => rowsApart(`/v1/imports/${encodeURIComponent(job.id)}/warnings`, "import-warnings.csv",
    plural(job.warnings, "{count} row was brought in with a warning. Download it to see why.",
        "{count} rows were brought in with a warning. Download them to see why."),
    t("Download rows with warnings"));

/** Tells of rows that are kept apart, and saves them as a file. */
function rowsApart(path, name, said, action) {
    const trouble = h("div");
    const save = () => download(path, name).catch((problem) => fill(trouble, failure(problem)));
    return h("div", { class: "notice warn" }, h("p", {}, said), h("button", { type: "button", onclick: save }, action),
        trouble);
}
