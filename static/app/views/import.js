import { call, download, get, withQuery } from "../api.js";
import { announce, badge, failure, fill, h, pending, table } from "../dom.js";
import { field, form } from "../forms.js";
import { number, percent, tone, words } from "../format.js";

/** Imports a file of leads and follows it until it is done; an id in the address follows one that runs. */
export function importLeads({ id, signal }) {
    const content = id ? progress(id, signal) : chooser();
    return {
        title: "Import leads",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/leads" }, "Leads")), h("h1", {}, "Import leads"), content,
        ],
    };
}

function chooser() {
    return h("div", { class: "card narrow" }, form(
        {
            action: "Import",
            async submit({ file, dedupe, country }, notice) {
                if (!file.size) throw { title: "No file to import.", detail: "Choose a file that is not empty." };
                fill(notice, h("p", { class: "notice", role: "status" }, `Uploading ${file.name}…`));
                const type = /\.(jsonl|ndjson)$/i.test(file.name) ? "application/x-ndjson" : "text/csv";
                const path = withQuery("/v1/leads/import", { dedupe, country: country.toUpperCase() });
                const response = await call(path, { method: "POST", body: file, headers: { "Content-Type": type } });
                location.hash = `#/import/${response.headers.get("Location").split("/").pop()}`;
            },
        },
        field("File", "file", {
            type: "file", accept: ".csv,.tsv,.txt,.jsonl,.ndjson,text/csv", required: true,
            hint: "CSV with a header row, or JSON Lines. Any encoding, separator and size.",
        }),
        field("If a lead already exists", "dedupe", {
            control: "select", value: "skip",
            options: [
                ["skip", "Skip the row"], ["update", "Update it with the filled cells"],
                ["create", "Create a duplicate"],
            ],
        }),
        field("Default country", "country", {
            maxlength: 2, autocomplete: "country",
            hint: "Two letters, such as DE, for phone numbers without a country code. Optional.",
        })));
}

function progress(id, signal) {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const place = pending(() => get(`/v1/imports/${id}`, signal), (job) => {
        if (["queued", "running"].includes(job.status)) wait(700).then(() => signal.aborted || place.reload());
        else announce(`Import ${words(job.status)}: ${job.created} created, ${job.failed} failed`);
        return report(job);
    }, { signal });
    return h("div", { class: "card" }, place);
}

function report(job) {
    const count = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, number(value)));
    const mapping = Object.entries(job.mapping ?? {});
    return [
        h("p", {}, badge(words(job.status), tone(job.status)), " ", percent(job.progress)),
        h("progress", { value: job.progress, max: 1, "aria-label": "Progress of the import" }),
        job.error && failure({ title: "The import failed.", detail: job.error.detail ?? job.error }),
        h("dl", { class: "figures" },
            count("Rows read", job.processed), count("Created", job.created), count("Updated", job.updated),
            count("Skipped", job.skipped), count("Failed", job.failed)),
        job.failed > 0 && errors(job),
        job.status === "completed" && h("p", {}, h("a", { class: "button primary", href: "#/leads" }, "View leads")),
        mapping.length > 0 && [
            h("h2", {}, "Columns"),
            table("Column mapping", ["Column", "Field"], mapping.map(row)),
        ],
    ];
}

function row([column, name]) {
    const readAs = name ? h("code", {}, name) : h("span", { class: "quiet" }, "not imported");
    return h("tr", {}, h("th", { scope: "row" }, column), h("td", {}, readAs));
}

function errors(job) {
    const trouble = h("div");
    const save = () =>
        download(job.errors_url, "import-errors.csv").catch((problem) => fill(trouble, failure(problem)));
    return h("div", { class: "notice warn" },
        h("p", {}, `${number(job.failed)} rows could not be imported. Download them to see why and correct them.`),
        h("button", { type: "button", onclick: save }, "Download failed rows"), trouble);
}
