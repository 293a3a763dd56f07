import { get, may, tenant } from "../api.js";
import { bar } from "../../ui/bar.js";
import { h, pending, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { amount } from "../../ui/money.js";
import { tone } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { plural, t } from "../../ui/words.js";

/** The figures of the agency, each with the records behind it. */
export function insights({ signal }) {
    const load = (path) => () => get(path, signal);
    return {
        title: t("Insights"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Insights")),
                h("div", { class: "actions" },
                    may("deals:read") && h("a", { class: "button", href: "#/insights/sales" }, t("Sales figures")),
                    may("tickets:read") && h("a", { class: "button", href: "#/insights/support" },
                        t("Support figures")),
                    may("clients:read") && h("a", { class: "button", href: "#/insights/portfolio" }, t("Portfolio")),
                    may("sequences:read") && h("a", { class: "button", href: "#/insights/nurture" },
                        t("Nurture figures")),
                    h("a", { class: "button", href: "#/insights/messages" }, t("Message figures")),
                    may("content_items:read") && h("a", { class: "button", href: "#/insights/content" },
                        t("Content figures")))),
            section(t("Key metrics"), {}, pending(load("/v1/dashboard/overview"), keyFigures, { signal })),
            section(t("Pipeline"), {}, pending(load("/v1/dashboard/pipeline"), pipeline, { signal })),
        ],
    };
}

const whole = (value) => amount(value, tenant().currency ?? "USD");

/** [label, figure, where its records are]. */
export function keyFigures({ leads, sales, clients, outreach }) {
    const figure = ([label, value, href]) =>
        h("div", {}, h("dt", {}, label), h("dd", {}, href ? h("a", { href }, value) : value));
    const row = (...all) => h("dl", { class: "figures even" }, all.map(figure));
    return [
        row([t("Leads"), number(leads.total), "#/leads"],
            [t("Qualified"), number(leads.qualified), "#/leads?status=qualified"],
            [t("Qualification rate"), percent(leads.conversion_rate / 100), "#/insights/sales"],
            [t("Open deals"), number(sales.active_deals), "#/deals"],
            [t("Pipeline value"), whole(sales.pipeline_value), "#/deals?as=board"]),
        row([t("Clients"), number(clients.active), "#/clients"],
            [t("Monthly revenue"), whole(clients.monthly_revenue), "#/clients"],
            [t("Outreach sent"), number(outreach.total_sent), "#/outbox"],
            [t("Replies"), number(outreach.total_replies), "#/inbox"],
            [t("Reply rate"), percent(outreach.response_rate / 100), "#/sequences"]),
    ];
}

export function pipeline({ stages, total_deals }) {
    if (total_deals === 0) return h("p", { class: "quiet" },
        t("No deals yet. Deals are created from qualified leads."));
    const most = Math.max(1, ...stages.map((stage) => stage.value));
    const row = (stage) => h(
        "tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/deals?stage=${stage.stage}` }, words(stage.stage))),
        h("td", { class: "wide" }, bar(stage.value / most, { tone: tone(stage.stage) })),
        h("td", { class: "figure" }, plural(stage.deals, "{count} deal", "{count} deals")),
        h("td", { class: "figure" }, whole(stage.value)));
    const columns = [t("Stage"), "", ...[t("Deals"), t("Value")].map((text) => ({ text, class: "figure" }))];
    return [
        table(t("Deals by stage"), columns, stages.map(row), "stages"),
        may("deals:read") && h("p", { class: "links after" }, h("a", { href: "#/deals?as=board" }, t("View board"))),
    ];
}
