import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { withTabs } from "../selling/billing.js";
import { h } from "../../ui/dom.js";
import { money } from "../../ui/money.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const pages = pagesOf("subscriptions", {
    record: {
        lead: (one) => h("p", { class: "standing" }, standing(one)),
        actions: (one, tools) => tools.kind.mayWrite && changes(one, tools),
    },
});

/** Subscriptions: what a client is invoiced every month. */
export const { record, editRecord } = pages;
export const list = withTabs("subscriptions", pages.list);
export const newRecord = withTabs("subscriptions", pages.newRecord);

function standing({ status, price, next_invoice_on, cancel_at }) {
    if (status === "paused") return t("Paused: nothing is invoiced until it is resumed.");
    if (cancel_at && status === "active") {
        return t("{price} each month, until {day}.", { price: money(price), day: day(cancel_at) });
    }
    if (status === "active" && next_invoice_on) {
        return t("{price} each month. Next invoice on {day}.", { price: money(price), day: day(next_invoice_on) });
    }
    return t("Over: nothing is invoiced any more.");
}

function changes({ id, version, status, cancel_at }, { reload }) {
    const path = `/v1/subscriptions/${encodeURIComponent(id)}`;
    const button = (label, run) => h("button", { type: "button", onclick: run }, label);
    const run = (verb, body) => operate(`${path}/${verb}`, { version, body }).then(reload);
    return [
        status === "active" && button(t("Pause"), () => ask({
            title: t("Pause subscription?"), action: t("Pause subscription"), said: t("Subscription paused"),
            text: t("Nothing is invoiced until you resume it."), run: () => run("pause"),
        })),
        status === "paused" && button(t("Resume"), () => ask({
            title: t("Resume subscription?"), action: t("Resume subscription"), said: t("Subscription resumed"),
            text: t("Invoicing goes on with the next month that begins. The months between are not invoiced."),
            run: () => run("resume"),
        })),
        ["active", "paused"].includes(status) && !cancel_at && button(t("Cancel subscription"), () => ask({
            title: t("Cancel subscription?"), action: t("Cancel subscription"), isGrave: true,
            text: t("It ends with the last month that was invoiced, or on the day you choose."),
            fields: [asked.day("cancel_at", t("Ends on"))], said: t("Subscription cancelled"),
            run: (body) => run("cancel", body),
        })),
    ];
}
