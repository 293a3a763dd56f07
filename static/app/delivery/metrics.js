import { call, download, get, may, withQuery } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { saveFile } from "../records/export.js";
import { chart } from "../../ui/chart.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { day } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";
import { profileOf } from "./health.js";

const daysMax = 180;

/** A client's measured numbers as lines over days; each can be read as a table. */
export function metrics(client, { signal }) {
    const place = pending(() => profileOf(client.id, signal), ({ metrics: known }) => (known.length === 0
        ? quiet(t("No metrics yet. Add a value, import a file, or connect an analytics service."))
        : h("div", { class: "charts" }, known.map((one) => series(client, one, signal, place.reload)))), { signal });
    const actions = [
        may("metrics:write") && h("button", { type: "button", class: "small",
            onclick: () => askValue(client, place.reload) }, t("Add value")),
        may("metrics:import") && h("button", { type: "button", class: "small",
            onclick: () => askFile(client, place.reload) }, t("Import metrics")),
        may("metrics:export") && h("button", { type: "button", class: "small",
            onclick: () => save(client) }, t("Export metrics")),
    ];
    return h("div", {}, h("div", { class: "actions" }, actions), place);
}

function series(client, { source, metric, unit }, signal, changed) {
    const asks = withQuery("/v1/metrics", { client_id: client.id, source, metric, sort: "-date", limit: daysMax });
    return pending(() => get(asks, signal), ({ data }) => [
        chart({ title: words(metric), source, unit: unit ?? data[0]?.unit, points: data.toReversed() }),
        may("metrics:write") && data.length > 0 && h("p", { class: "actions" }, h("button", { type: "button",
            class: "small", ...spokenAs(pair(t("Delete value"), words(metric))),
            onclick: () => askDelete(words(metric), data, changed) }, t("Delete value"))),
    ], { signal });
}

/** Asks which value goes; the latest come first. */
function askDelete(name, values, changed) {
    const element = field(t("Value"), "id", { control: "select",
        options: values.map(({ id, date, value }) => [id, pair(day(date), number(value))]) });
    ask({
        title: t("Delete value?"), text: name, action: t("Delete value"), isGrave: true, said: t("Value deleted"),
        fields: [{ name: "id", element, get: () => element.querySelector("select").value }],
        run: ({ id }) => call(`/v1/metrics/${encodeURIComponent(id)}`, { method: "DELETE" }).then(changed),
    });
}

function askValue(client, changed) {
    ask({
        title: t("Add value"), action: t("Save"), said: t("Value added"),
        text: t("A value of the same day is replaced."),
        values: { date: new Date().toLocaleDateString("en-CA") },
        fields: [
            asked.text("source", t("Source"),
                { required: true, help: t("Where the number comes from, such as shop.") }),
            asked.text("metric", t("Metric"), { required: true, help: t("What is counted, such as orders.") }),
            asked.day("date", t("Day"), { required: true }), asked.number("value", t("Value"), { required: true }),
            asked.text("unit", t("Unit")),
        ],
        run: (body) => call("/v1/metrics", { method: "POST", body: { ...body, client_id: client.id } }).then(changed),
    });
}

function askFile(client, changed) {
    const element = field(t("File"), "file", { type: "file", accept: ".csv,text/csv",
        hint: t("A CSV file with the columns source, metric, date and value.") });
    const input = element.querySelector("input");
    ask({
        title: t("Import metrics"), action: t("Import"),
        fields: [{ name: "file", element, field: { required: true }, get: () => input.files[0] ?? null }],
        async run({ file }) {
            const path = withQuery("/v1/metrics/import", { client_id: client.id });
            await call(path, { method: "POST", body: file, headers: { "Content-Type": "text/csv" } });
            setTimeout(changed, 1500);
        },
        said: t("Import started"),
    });
}

const save = ({ id, name }) =>
    saveFile(() => download(withQuery("/v1/metrics/export", { client_id: id, format: "csv" }), `${name}.csv`),
        document.querySelector("main .heading"));
