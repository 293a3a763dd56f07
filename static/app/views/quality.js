import { call, download, get, may } from "../api.js";
import { readable } from "../readable.js";
import { saveFile } from "../records/export.js";
import { drawErrors } from "../quality/errors.js";
import { drawRemedies } from "../quality/remedies.js";
import { askWeights } from "../quality/weights.js";
import { alarm } from "../../ui/alarm.js";
import { bar } from "../../ui/bar.js";
import { doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago, day } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** Shows the state of the agency's data: one score by area, what can be mended, what fails, and the reports on it. */
export function quality({ signal }) {
    const load = (path) => () => get(path, signal), trouble = h("div", { class: "notices" });
    const health = pending(load("/v1/data-health"), (found) => drawHealth(found, () => health.reload()), { signal });
    const look = () => Promise.all([remedies.reload(), health.reload()]);
    const remedies = pending(load("/v1/quality-issues?status=open&limit=200"),
        ({ data }) => drawRemedies(data, { reload: look, reloadLater: () => lookLater(look, signal) }), { signal });
    const errors = pending(load("/v1/error-patterns?status=open&limit=50"),
        ({ data }) => drawErrors(data, () => Promise.all([errors.reload(), health.reload()])), { signal });
    const reports = pending(load("/v1/data-reports?limit=10"), drawReports, { signal });
    const check = doing(t("Check all records"), async () => {
        await call("/v1/agents/data_management/runs?wait=PT20S",
            { method: "POST", body: { parameters: { task: "scan" } } });
        toast(t("All records are checked"));
        await look();
    }, { place: trouble });
    return {
        title: t("Data quality"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Data quality")), h("div", { class: "actions" },
                may("agents:run") && check,
                h("a", { class: "button", href: "#/quality-issues" }, t("Quality issues")),
                may("quality_rules:read") && h("a", { class: "button", href: "#/quality-rules" }, t("Quality rules")),
                may("change_sets:read") && h("a", { class: "button", href: "#/change-sets" }, t("Change sets")))),
            trouble,
            section(t("Health of the data"), {}, health),
            section(t("Quality of records"), {}, pending(load("/v1/quality"), drawQuality, { signal })),
            section(t("What can be mended"), {}, remedies),
            section(t("What fails"), {}, errors),
            section(t("Reports on data"), {},
                may("quality:write") && h("div", { class: "actions lead" }, menuButton(t("Make report"),
                    () => ["executive", "technical", "trend"].map((kind) => (
                        { text: words(kind), run: () => make(kind, reports) })))),
                reports),
        ],
    };
}

/** Records are checked a moment after they have changed: what comes of it is read then, too. */
async function lookLater(look, signal) {
    await look();
    for (const seconds of [2, 3, 5]) {
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        if (signal.aborted || document.querySelector("dialog[open]")) return;
        await look();
    }
}

function drawHealth(found, reload) {
    const { score, areas, trend, forecast } = found, last = forecast.at(-1);
    const row = (area) => h("tr", {},
        h("th", { scope: "row" }, words(area.name)),
        h("td", { class: "wide" }, bar(area.score / 100, { tone: toneOf(area.score) })),
        cell(t("Score"), number(area.score)),
        cell(t("Weight"), t("{share} %", { share: number(area.weight) })),
        h("td", { "data-label": t("What to do") },
            area.recommendations.length > 0 && h("ul", {}, area.recommendations.map((text) => h("li", {}, readable(text))))));
    return [
        h("dl", { class: "figures even" },
            h("div", {}, h("dt", {}, t("Score")), h("dd", {}, t("{score} of 100", { score: number(score) }))),
            trend.length > 1 && h("div", {}, h("dt", {}, t("Since {day}", { day: day(trend[0].date) })),
                h("dd", {}, change(score - trend[0].score))),
            last && h("div", {}, h("dt", {}, t("Expected by {day}", { day: day(last.date) })),
                h("dd", {}, number(last.score)))),
        table(t("Areas of health"), [t("Area"), "", figure(t("Score")),
            figure(t("Weight")), t("What to do")], areas.map(row), "stacked"),
        may("quality_rules:write") && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askWeights(found, reload) }, t("Change weights"))),
    ];
}

/** Draws the records' faults, by their kind. */
const drawQuality = ({ areas, records }) => [
    table(t("Quality of records"), [t("Area"), "", figure(t("Score")), figure(t("Issues"))], areas.map((area) =>
        h("tr", {}, h("th", { scope: "row" }, words(area.name)),
            h("td", { class: "wide" }, bar(area.score / 100, { tone: toneOf(area.score) })),
            cell(t("Score"), number(area.score)), cell(t("Issues"), number(area.issues)))), "stacked"),
    quiet(plural(records, "Of {count} record", "Of {count} records")),
];

const toneOf = (score) => (score >= 90 ? "good" : score >= 70 ? "warn" : "bad");
const change = (difference) => `${difference > 0 ? "+" : ""}${number(Math.round(difference * 10) / 10)}`;

function drawReports({ data }) {
    if (!data.length) return quiet(t("No reports yet. Make one, or have them made by the settings of data management."));
    const row = (report) => {
        const path = `/v1/data-reports/${encodeURIComponent(report.id)}`, name = words(report.kind);
        const save = (path, as) => ({ currentTarget }) =>
            saveFile(() => download(path, as), currentTarget.closest("table"));
        const file = (text, run) => h("button", { type: "button", class: "small",
            ...spokenAs(t("{what}: {alert}", { what: text, alert: name })), onclick: run }, text);
        return h("tr", {},
            h("th", { scope: "row" }, words(report.kind)),
            h("td", { "data-label": t("Period") }, day(report.period_start), " – ", day(report.period_end)),
            cell(t("Score"), number(report.score)),
            h("td", { "data-label": t("Made") }, ago(report.created_at)),
            h("td", { class: "actions" },
                file(t("Page"), save(`${path}.html`, `${name}.html`)),
                file(t("PDF"), save(`${path}.pdf`, `${name}.pdf`)),
                file(t("CSV"), save(`${path}.csv`, `${name}.csv`))));
    };
    return table(t("Reports on data"), [t("Report"), t("Period"), figure(t("Score")), t("Made"), ""],
        data.map(row), "stacked");
}

async function make(kind, reports) {
    try {
        await call("/v1/data-reports", { method: "POST", body: { kind } });
        toast(t("Report made"));
        await reports.reload();
    } catch (problem) {
        alarm(t("Not made. {why}", { why: whyNot(problem) }));
    }
}
