import { get } from "../api.js";
import { nameOf } from "../agents/decisions.js";
import { pagesOf } from "../records/pages.js";
import { drawValue } from "../values.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Change sets: each record and field that changes as one, and what became of it. */
export const { list, newRecord, record, editRecord } = pagesOf("change-sets", { record: { panels } });

function panels({ id }, { signal }) {
    return section(t("Changes"), {},
        pending(() => get(`/v1/change-sets/${encodeURIComponent(id)}/changes?limit=100`, signal),
            ({ data }) => (data.length ? drawChanges(data) : quiet(t("Nothing has changed."))), { signal }));
}

const drawChanges = (changes) => table(t("Changes"),
    [t("Record"), t("Field"), t("Before"), t("After"), t("What"), t("Why")],
    changes.map(({ subject, field, before, after, state, reason }) => h("tr", {},
        h("th", { scope: "row" }, nameOf(subject)), h("td", { "data-label": t("Field") }, words(field)),
        h("td", { dir: "auto", "data-label": t("Before") }, drawValue(before)),
        h("td", { dir: "auto", "data-label": t("After") }, drawValue(after)),
        h("td", { "data-label": t("What") }, words(state)),
        h("td", { dir: "auto", "data-label": t("Why") }, reason ?? ""))), "stacked");
