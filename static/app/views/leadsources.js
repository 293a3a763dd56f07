import { call, get, may } from "../api.js";
import { ask } from "../controls/controls.js";
import { paged, toTable } from "../paging.js";
import { drawValues } from "../values.js";
import { sourceTitle } from "../titles.js";
import { badge, doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const tones = { active: "good", failing: "bad", needs_credentials: "warn" };
const toneOf = ({ state }) => tones[state] ?? "";

/** Where leads come from, how each source does, and directories of the agency's own. */
export function leadSources({ signal }) {
    const page = (cursor) => get(`/v1/lead-sources?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
        signal);
    const list = pending(() => page(), (first) => {
        const all = table(t("Lead sources"), [t("Source"), t("Type"), t("Status"), figure(t("Found")),
            figure(t("New leads")), t("Last search")], first.data.map(row), "stacked");
        return [all, paged(first, page, toTable(all, row))];
    }, { signal });
    const figures = pending(() => get("/v1/lead-source-figures", signal), drawFigures, { signal });
    return {
        title: t("Lead sources"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/searches" }, t("Searches")), " ",
                h("a", { href: "#/lead-forms" }, t("Lead forms")), " ",
                h("a", { href: "#/lead-form-responses" }, t("Filled-in forms"))),
            h("div", { class: "heading" }, h("h1", {}, t("Lead sources")),
                may("lead_sources:write") && h("button", {
                    type: "button", class: "primary", onclick: () => askSource(null, () => list.reload()),
                }, t("New source"))),
            section(t("Last 30 days"), {}, figures), list,
        ],
    };
}


function row(source) {
    return h("tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/lead-sources/${encodeURIComponent(source.name)}` },
            sourceTitle(source)),
            source.error && h("span", { class: "evidence fault" }, source.error)),
        h("td", { "data-label": t("Type") }, words(source.kind)),
        h("td", { "data-label": t("Status") }, badge(words(source.state), toneOf(source))),
        cell(t("Found"), number(source.found)),
        cell(t("New leads"), number(source.created)),
        h("td", { "data-label": t("Last search") }, source.last_run_at ? ago(source.last_run_at) : "–"));
}

const drawFigures = (found) => facts([
    [t("Leads a day"), number(Math.round(found.leads_per_day * 10) / 10)],
    [t("Correct values"), percent(found.accuracy)],
    [t("Verified addresses"), percent(found.verification_rate)],
    [t("Variety of sources"), percent(found.diversity)],
    [t("Active sources"), number(found.active_sources)],
]);

/** One source: how it does, a look at its page, and the versions of what is declared of it. */
export function leadSource({ name, signal }) {
    const heading = h("h1", {}, name), notice = h("div", { class: "notices" });
    const load = () => get(`/v1/lead-sources/${encodeURIComponent(name)}`, signal);
    const record = pending(load, (source) => {
        fill(heading, sourceTitle(source));
        document.title = `${sourceTitle(source)} – Bureau`;
        return drawSource(source, notice, signal, () => record.reload());
    }, { signal });
    return {
        title: t("Lead source"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/lead-sources" }, t("Lead sources"))), heading, notice, record,
        ],
    };
}

function drawSource(source, notice, signal, reload) {
    const path = `/v1/lead-sources/${encodeURIComponent(source.name)}`;
    const isOwn = !source.built_in, mayWrite = may("lead_sources:write"), preview = h("div");
    const set = (state) => async () => {
        await call(path, { method: "PATCH", body: { state } });
        await reload();
    };
    const look = async () => {
        const answer = await call(`${path}/preview`, { method: "POST" });
        fill(preview, drawPreview(await answer.json()));
    };
    return [
        h("div", { class: "heading" },
            h("p", { class: "badges" }, badge(words(source.state), toneOf(source)), badge(words(source.kind))),
            mayWrite && h("div", { class: "actions" },
                isOwn && source.start_url && doing(t("Preview"), look, { place: notice }),
                isOwn && h("button", { type: "button", onclick: () => askSource(source, reload) }, t("Edit")),
                ["active", "failing"].includes(source.state) && doing(t("Disable"), set("disabled"),
                    { place: notice }),
                source.state === "disabled" && doing(t("Enable"), set("active"), { place: notice }),
                isOwn && doing(t("Delete"), async () => {
                    await call(path, { method: "DELETE" });
                    location.hash = "#/lead-sources";
                }, { place: notice, class: "grave" }))),
        source.error && h("p", { class: "fault" }, source.error),
        source.state === "needs_credentials" && h("p", {}, t("It needs an account with the service."), " ",
            h("a", { href: "#/settings/integrations" }, t("Connect it"))),
        preview,
        section(t("Details"), {}, facts([
            [t("Address"), source.start_url], [t("Found"), number(source.found)],
            [t("New leads"), number(source.created)],
            [t("Last search"), source.last_run_at && ago(source.last_run_at)],
        ])),
        isOwn && section(t("Versions"), {}, pending(() => get(`${path}/versions`, signal),
            ({ data }) => versions(data, source, notice, reload), { signal })),
    ];
}

function drawPreview({ items, faults }) {
    return section(t("Preview"), {},
        faults.map(({ field, detail }) => h("p", { class: "fault" }, words(field), ": ", detail)),
        items.length ? h("ul", { class: "papers" }, items.map((item) => h("li", {}, drawValues(item))))
            : quiet(t("The page names no companies.")));
}

function versions(all, source, notice, reload) {
    const path = `/v1/lead-sources/${encodeURIComponent(source.name)}`;
    const restore = (version) => doing(t("Restore"), async () => {
        await call(`${path}/rollback`, { method: "POST", body: { version } });
        await reload();
    }, { place: notice });
    return h("ul", { class: "papers" }, all.map(({ version, created_at: at, definition }) => h("li", {},
        h("p", {}, t("Version {number}", { number: number(version) }), " ", h("span", { class: "quiet" }, ago(at))),
        h("details", { class: "fold" }, h("summary", {}, t("Details")), drawValues(definition)),
        version !== source.definition && may("lead_sources:write") && restore(version))));
}

const kinds = ["directory", "website", "feed", "community"];

/** Asks for what is declared of a source; expressions are refused where they are wrong, each at its field. */
function askSource(source, changed) {
    const fields = [
        !source && { name: "name", label: t("Short name"), help: t("Small letters and digits."), required: true },
        { name: "title", label: t("Name") },
        !source && { name: "kind", label: t("Type"), type: "choice",
            options: kinds.map((kind) => [kind, words(kind)]), required: true },
        { name: "start_url", label: t("Address"), help: t("The first page, the feed or the forum.") },
    ];
    const more = [
        { name: "item", label: t("Entries"), help: t("An XPath expression, such as //li[@class='firm'].") },
        { name: "company", label: t("Company"), help: t("An XPath expression within an entry, such as h2.") },
        { name: "website", label: t("Website") }, { name: "location", label: t("Location") },
        { name: "email", label: t("Email") }, { name: "phone", label: t("Phone") },
        { name: "next", label: t("Next page") },
        { name: "pages_max", label: t("Pages at most"), type: "number", isWhole: true },
        { name: "platform", label: t("Forum runs on"), type: "choice",
            options: ["mastodon", "discourse"].map((one) => [one, words(one)]) },
        { name: "phrases", label: t("Phrases that show a need"), type: "list" },
    ];
    const places = ["company", "website", "location", "email", "phone"];
    const values = { kind: "directory", pages_max: 10, ...source, ...source?.fields };
    ask({
        title: source ? t("Edit source") : t("New source"), action: t("Save"), wide: true, values,
        fields: fields.filter(Boolean), more,
        async save({ values: entered }) {
            const body = {};
            for (const { name } of [...fields.filter(Boolean), ...more]) {
                if (!places.includes(name) && entered[name] !== null && entered[name] !== "") body[name] = entered[name];
            }
            const said = places.filter((name) => entered[name]);
            if ((source?.kind ?? entered.kind) === "directory") {
                body.fields = { ...source?.fields, ...Object.fromEntries(said.map((name) => [name, entered[name]])) };
            }
            if (source) {
                await call(`/v1/lead-sources/${encodeURIComponent(source.name)}`, { method: "PATCH", body });
            } else {
                await call("/v1/lead-sources", { method: "POST", body });
            }
        },
        onSaved: changed,
    });
}
