import { get, may, withQuery } from "../api.js";
import { feeds } from "../content/feeds.js";
import { badge, h, pending, quiet, table } from "../dom.js";
import { day, month as monthName, tone, words } from "../format.js";
import { t } from "../words.js";

const isMonth = (text) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? "");

/** "2027-01" some months later; the days of a month are from its first to its last. */
const moved = (text, by) => new Date(Date.UTC(...partsOf(text, by), 1)).toISOString().slice(0, 7);
const lastOf = (text) => new Date(Date.UTC(...partsOf(text, 1), 0)).toISOString().slice(0, 10);
const partsOf = (text, by) => {
    const [year, number] = text.split("-").map(Number);
    return [year, number - 1 + by];
};

/** The content calendar: what is told on which day, to whom, and what fills it, a month at a time. */
export function contentCalendar({ query, signal }) {
    const now = new Date().toISOString().slice(0, 7), shown = isMonth(query.month) ? query.month : now;
    const days = { from: `${shown}-01`, to: lastOf(shown) };
    const way = (month, text) => h("a", { class: "button small",
        href: withQuery("#/content-calendar", { month: month === now ? "" : month }) }, text);
    return {
        title: t("Content calendar"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/content-items" }, t("Content")), " · ",
                h("a", { href: "#/content-calendar-rules" }, t("Content calendar rules"))),
            h("h1", {}, t("Content calendar")),
            h("div", { class: "heading" }, h("h2", {}, monthName(shown)), h("div", { class: "actions" },
                way(moved(shown, -1), t("Previous month")), shown !== now && way(now, t("This month")),
                way(moved(shown, 1), t("Next month")))),
            pending(() => get(withQuery("/v1/content-calendar", days), signal), draw, { signal }),
            may("content_calendar:write") && feeds({ signal }),
        ],
    };
}

function draw({ entries }) {
    if (!entries.length) {
        return quiet(t("No rule has anything told in this month."), " ",
            h("a", { href: "#/content-calendar-rules" }, t("Content calendar rules")));
    }
    const label = (text) => ({ "data-label": text });
    return table(t("Content calendar"), [t("Day"), t("Theme"), t("Type"), t("Audience"), t("Content"), t("Status")],
        entries.map((one) => h("tr", {},
            h("th", { scope: "row" }, day(one.date)),
            h("td", { ...label(t("Theme")), dir: "auto" }, one.theme),
            h("td", label(t("Type")), words(one.type)),
            h("td", label(t("Audience")), one.audience === "fresh" ? t("Fresh leads") : t("All leads")),
            h("td", { ...label(t("Content")), dir: "auto" }, one.content_item_id
                ? h("a", { href: `#/content-items/${encodeURIComponent(one.content_item_id)}` }, one.title) : "–"),
            h("td", label(t("Status")), badge(words(one.status), tone(one.status))))), "stacked");
}
