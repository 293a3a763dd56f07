import { call, may } from "../api.js";
import { nameOf } from "../agents/decisions.js";
import { pagesOf } from "../records/pages.js";
import { drawValue } from "../values.js";
import { doing, h, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Fields that both sides have changed: whose value is taken. */
export const { list, newRecord, record, editRecord } = pagesOf("sync-conflicts", {
    record: { facts: [], actions, panels },
});

const place = h("div");

function actions({ id, status }, { reload }) {
    if (status !== "open" || !may("sync_conflicts:write")) return [];
    const take = (side) => async () => {
        await call(`/v1/sync-conflicts/${encodeURIComponent(id)}/resolve`, { method: "POST", body: { take: side } });
        reload();
    };
    return [
        doing(t("Take the value here"), take("local"), { place }),
        doing(t("Take the value there"), take("remote"), { place }),
    ];
}

function panels({ subject, base, local, remote }) {
    const value = (one) => h("span", { dir: "auto" }, drawValue(one));
    const dated = ({ value: one, at }) => [value(one), " ", at && ago(at)];
    place.replaceChildren();
    return [place, section(t("Both sides have changed it"), {}, facts([
        [t("Record"), subject && nameOf(subject)],
        [t("Last agreed"), value(base)], [t("Here"), dated(local ?? {})], [t("There"), dated(remote ?? {})],
    ]))];
}
