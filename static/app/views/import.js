import { call, download, get, withQuery } from "../api.js";
import { announce, badge, failure, fill, h, pending, table } from "../dom.js";
import { field, form } from "../forms.js";
import { number, percent, tone, words } from "../format.js";

/** Brings in a file of leads and stays with it until it is done; an id in the address follows one that runs. */
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
                if (!file.size) throw { title: "Choose a file first.", detail: "An empty one has no leads." };
                fill(notice, h("p", { class: "notice", role: "status" }, `Sending ${file.name}…`));
                const type = /\.(jsonl|ndjson)$/i.test(file.name) ? "application/x-ndjson" : "text/csv";
                const path = withQuery("/v1/leads/import", { dedupe, country: country.toUpperCase() });
                const response = await call(path, { method: "POST", body: file, headers: { "Content-Type": type } });
                location.hash = `#/import/${response.headers.get("Location").split("/").pop()}`;
            },
        },
        field("File", "file", {
            type: "file", accept: ".csv,.tsv,.txt,.jsonl,.ndjson,text/csv", required: true,
            hint: "CSV with a line of column names, or JSON lines. Any encoding and separator; any size.",
        }),
        field("What is known already", "dedupe", {
            control: "select", value: "skip",
            options: [
                ["skip", "Leave as it is"], ["update", "Update with filled cells"], ["create", "Create a second lead"],
            ],
        }),
        field("Country", "country", {
            maxlength: 2, autocomplete: "country",
            hint: "Two letters, as DE, for telephone numbers without a country code. May be empty.",
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
        job.status === "completed" && h("p", {}, h("a", { class: "button primary", href: "#/leads" }, "See the leads")),
        mapping.length > 0 && [
            h("h2", {}, "Columns"),
            table("What each column of the file was read as", ["In the file", "Read as"], mapping.map(row)),
        ],
    ];
}

function row([column, name]) {
    const readAs = name ? h("code", {}, name) : h("span", { class: "quiet" }, "left out");
    return h("tr", {}, h("th", { scope: "row" }, column), h("td", {}, readAs));
}

function errors(job) {
    const trouble = h("div");
    const save = () =>
        download(job.errors_url, "import-errors.csv").catch((problem) => fill(trouble, failure(problem)));
    return h("div", { class: "notice warn" },
        h("p", {}, `${number(job.failed)} rows could not be read. The file gives each with its reason, to be mended.`),
        h("button", { type: "button", onclick: save }, "Save the failed rows"), trouble);
}
