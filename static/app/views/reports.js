import { call } from "../api.js";
import { drawReport, showPage, standing } from "../delivery/report.js";
import { pagesOf } from "../records/pages.js";
import { mailNote } from "../selling/held.js";
import { paperActions } from "../selling/papers.js";
import { alarm } from "../../ui/alarm.js";
import { h, whyNot } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { pair, t } from "../../ui/words.js";

/** Reports: composed from a client's records, read through, and sent. */
export const { list, newRecord, record, editRecord } = pagesOf("reports", {
    record: {
        facts: ["sections", "summary", "status", "title", "sent_at", "locale"],
        isFixed: ({ status }) => status === "sent",
        lead: (report, { signal }) => [standing(report), mailNote(report.message_id, signal)],
        actions: paperActions,
        menu: (report, tools) => [
            { text: t("Show as page"), run: () => showPage(report).catch(told) },
            report.status === "draft" && change(report, "ready", t("Mark as ready"), tools),
            ["draft", "ready"].includes(report.status) && change(report, "rejected", t("Do not send"), tools),
            report.status === "rejected" && change(report, "draft", t("Take up again"), tools),
        ],
        panels(report, { follow }) {
            const place = h("div", {}, drawReport(report));
            follow((next) => place.replaceChildren(drawReport(next)));
            return place;
        },
    },
});

const told = (problem) => alarm(pair(t("Not done"), whyNot(problem)));

const change = ({ id, version }, status, text, { kind, reload }) => kind.mayWrite && {
    text, run: () => call(`/v1/reports/${encodeURIComponent(id)}`, {
        method: "PATCH", body: { status }, headers: { "If-Match": `"${version}"` },
    }).then(() => (toast(t("Report saved")), reload()), told),
};
