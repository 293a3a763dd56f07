import { call } from "../api.js";
import { mailFold } from "../mail.js";
import { chart } from "../../ui/chart.js";
import { dialog } from "../../ui/dialog.js";
import { h, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { markdown } from "../../ui/markdown.js";
import { cell, table } from "../../ui/table.js";
import { ago, day } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

/** Tells a report's state, and what it waits for. */
export function standing({ status, sent_at }) {
    const said = {
        draft: t("A draft. Read it, add a summary, then send it."), ready: t("Ready to be sent."),
        rejected: t("Not to be sent. Edit it, or compose another one."),
    }[status] ?? pieces("Sent {when}.", { when: ago(sent_at) });
    return h("p", { class: "standing" }, said);
}

/** Draws a report, part by part, as its client reads it. */
export function drawReport({ title, summary, period_start, period_end, sections }) {
    const period = [day(period_start), day(period_end)].filter(Boolean).join(" – ");
    return section(t("As the client sees it"), { class: "paper" },
        h("h3", { dir: "auto" }, title), period && quiet(period),
        summary && h("div", { class: "prose", dir: "auto" }, markdown(summary)),
        sections.map((one) => [
            h("h3", { class: "part", dir: "auto" }, one.title),
            one.text && h("div", { class: "prose", dir: "auto" }, markdown(one.text)),
            one.figures?.length > 0 && figures(one),
            one.charts?.length > 0 && h("div", { class: "charts" }, one.charts.map(chart)),
        ]),
        sections.length === 0 && quiet(t("Nothing happened in this period.")));
}

function figures({ title, figures: all }) {
    const shown = (value, unit) => (value === null || value === undefined ? "–"
        : [number(value), unit].filter(Boolean).join(" "));
    const heading = (text) => ({ text, class: "figure" });
    return table(t("Metrics: {title}", { title }),
        [t("Metric"), heading(t("Value")), heading(t("Previous")), t("Source")],
        all.map(({ label, value, unit, previous, source }) => h("tr", {},
            h("th", { scope: "row", dir: "auto" }, label), cell(t("Value"), shown(value, unit)),
            cell(t("Previous"), shown(previous, unit)),
            h("td", { "data-label": t("Source") }, source ? words(source) : "–"))), "stacked");
}

/** The very page that the client gets, in a frame of its own. */
export async function showPage({ id, title }) {
    const answer = await call(`/v1/reports/${encodeURIComponent(id)}.html`);
    const fold = mailFold(await answer.text(), title);
    dialog({ title, wide: true, content: () => fold });
    fold.open = true;
}
