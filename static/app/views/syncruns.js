import { call, get, may } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/** Runs of syncs: what came in and went out, what did not fit, and the way back. */
export const { list, newRecord, record, editRecord } = pagesOf("sync-runs", {
    record: { facts: ["pulled", "pushed", "error", "change_set_id"], actions, panels },
});

const place = h("div");

function actions({ id, status, change_set_id: set }, { reload }) {
    const isOver = status !== "queued" && status !== "running";
    return [
        !isOver && may("syncs:write") && doing(t("Cancel"), async () => {
            await call(`/v1/sync-runs/${encodeURIComponent(id)}/cancel`, { method: "POST" });
            reload();
        }, { place }),
        isOver && set && may("change_sets:write") && doing(t("Undo"), async () => {
            await call(`/v1/change-sets/${encodeURIComponent(set)}/undo`, { method: "POST" });
            toast(t("What the run changed here is taken back"), {
                text: t("View"), href: `#/change-sets/${encodeURIComponent(set)}`,
            });
        }, { place }),
    ];
}

function panels(run, { signal }) {
    const counts = (of) => facts(Object.entries(of ?? {}).map(([name, count]) => [words(name), number(count)]));
    const id = encodeURIComponent(run.id);
    place.replaceChildren();
    return [
        place,
        run.error && h("div", { class: "notice bad" }, h("p", {}, whyNot(run.error))),
        h("div", { class: "columns even" },
            section(t("Received"), {}, counts(run.pulled)), section(t("Sent"), {}, counts(run.pushed))),
        section(t("Records"), {}, pending(() => get(`/v1/sync-runs/${id}/records?limit=100`, signal),
            ({ data }) => (data.length ? outcomes(data) : quiet(t("Nothing has changed."))), { signal })),
    ];
}

const outcomes = (records) => table(t("Records"), [t("Where"), t("Record"), t("What"), t("Why")],
    records.map((one) => h("tr", {},
        h("td", {}, one.side === "local" ? t("Here") : t("There")), h("td", { dir: "auto" }, one.id),
        h("td", {}, words(one.outcome)), h("td", { dir: "auto" }, one.detail ?? ""))));
