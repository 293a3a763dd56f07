import { download, get, may, withQuery } from "../api.js";
import { announce, badge, bar, doing, fill, h, pending, quiet, table } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, number, statusOptions, tone, words } from "../format.js";
import { paged, toTable } from "../paging.js";

const sorts = [
    ["", "Newest first"], ["-score", "Highest score first"], ["company", "Company, A to Z"],
    ["-employee_count", "Largest company first"],
];
const columns = "id,company,contact_name,country,status,score,priority,next_action,created_at";

/** The leads, searched, filtered and sorted; the address says how, so a list can be kept as a bookmark. */
export function leads({ query, signal }) {
    let wanted = { q: query.q ?? "", status: query.status ?? "", sort: query.sort ?? "" };
    const page = (cursor) => {
        const paging = { fields: columns, limit: 50, cursor, total: cursor ? "" : "true" };
        return get(withQuery("/v1/leads", { ...wanted, ...paging }), signal);
    };
    const results = pending(() => page(), (first) => drawList(first, page, wanted), { signal });

    const controls = filters(
        {
            label: "Leads", address: "#/leads", wanted, signal,
            onChange(next) {
                wanted = next;
                results.reload();
            },
        },
        field("Search", "q", { type: "search", value: wanted.q, placeholder: "Company, person, notes…" }),
        field("Status", "status", {
            control: "select", value: wanted.status,
            options: [["", "All except archived"], ...statusOptions],
        }),
        field("Sort by", "sort", { control: "select", value: wanted.sort, options: sorts }));

    return {
        title: "Leads",
        content: [
            h("div", { class: "heading" }, h("h1", {}, "Leads"), h("div", { class: "actions" },
                may("leads:import") && h("a", { class: "button", href: "#/import" }, "Import"),
                may("leads:export") && exportButton(() => wanted))),
            controls, results,
        ],
    };
}

function exportButton(wanted) {
    const trouble = h("div");
    const button = doing("Export CSV", async () => {
        fill(button, "Exporting…");
        try {
            await download(withQuery("/v1/leads/export", { format: "csv", ...wanted() }), "leads.csv");
        } finally {
            fill(button, "Export CSV");
        }
    }, { place: trouble });
    return [button, trouble];
}

function drawList(first, page, wanted) {
    const found = `${number(first.total)} ${first.total === 1 ? "lead" : "leads"}`;
    announce(`${found} found`);
    if (!first.data.length) return nothing(wanted);
    const headings = ["Company", "Contact", "Status", "Score", "Next step", "Added"];
    const leads = table("Leads", headings, first.data.map(row), "leads stacked");
    return [quiet(found), leads, paged(first, page, toTable(leads, row))];
}

function row(lead) {
    const score = lead.score === null ? "–" : [
        h("span", {}, lead.score), bar(lead.score / 100, { tone: tone(lead.priority) }),
        h("span", { class: "unseen" }, `, ${lead.priority} priority`),
    ];
    return h(
        "tr", {},
        h("th", { scope: "row" },
            h("a", { href: `#/leads/${lead.id}` }, lead.company), " ", h("span", { class: "quiet" }, lead.country ?? "")),
        h("td", {}, lead.contact_name ?? "–"),
        h("td", {}, badge(words(lead.status), tone(lead.status))),
        h("td", { class: "score" }, score),
        h("td", { class: "next" }, lead.next_action ?? "–"),
        h("td", {}, ago(lead.created_at)));
}

function nothing({ q, status }) {
    if (q || status) {
        return h("p", { class: "empty" }, "No leads match. ", h("a", { href: "#/leads" }, "Clear filters"));
    }
    return h("div", { class: "empty" },
        h("p", {}, "No leads yet."),
        may("leads:import") && h("p", {}, h("a", { class: "button primary", href: "#/import" }, "Import a CSV file")));
}
