import { call, may } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { alarm } from "../../ui/alarm.js";
import { h, section, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** The reports of support: the last whole week or month, made when it is asked for. */
export const { list, newRecord, record, editRecord } = pagesOf("support-reports", {
    list: { actions: () => may("tickets:write") && menuButton(t("Make report"), () => [
        { text: t("Of the last week"), run: () => make("weekly") },
        { text: t("Of the last month"), run: () => make("monthly") },
    ]) },
    record: {
        facts: ["text", "figures"],
        lead: ({ kind, period_start, period_end, text }) => section(
            t("{kind} report", { kind: words(kind) }), {},
                h("p", { class: "quiet" }, day(period_start), " – ", day(period_end)),
            h("div", { class: "said", dir: "auto" }, text)),
    },
});

async function make(kind) {
    try {
        const made = await (await call("/v1/support-reports", { method: "POST", body: { kind } })).json();
        toast(t("Report made"));
        location.hash = `#/support-reports/${made.id}`;
    } catch (problem) {
        alarm(t("Not made. {why}", { why: whyNot(problem) }));
    }
}
