import { get, withQuery } from "../api.js";
import { paged, toTable } from "../paging.js";
import { kindOf, titleOf } from "../records/meta.js";
import { mayMerge, merge } from "../records/merging.js";
import { named, naming, whenNamed } from "../records/naming.js";
import { reasonText } from "../selling/merge.js";
import { badge, doing, h, pending, quiet } from "../../ui/dom.js";
import { percent } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const paths = {
    clients: "/v1/clients/duplicates", companies: "/v1/companies/duplicates", contacts: "/v1/contacts/duplicates",
};

/** Records of a kind that seem to be the same, two by two: a person looks at both, and keeps one. */
export const duplicatesOf = (plural) => ({ signal }) => {
    const page = async (cursor) => {
        const found = await get(withQuery(paths[plural], { limit: 50, cursor }), signal);
        await whenNamed(found.data.flatMap((pair) => pair[plural].map((id) => [plural, id])));
        return { ...found, data: await Promise.all(found.data.map(async (pair) =>
            ({ ...pair, names: await Promise.all(pair[plural].map((id) => naming(plural, id))) }))) };
    };
    const keep = ({ [plural]: ids, names }, one) => mayMerge(plural)
        && doing(t("Keep this one"), () => merge(plural, ids[one], ids[1 - one], place.reload), {
            place: notices, class: "small",
            ...spokenAs(t("Keep this one: {name}", { name: names[one]?.text ?? ids[one] })),
        });
    const row = (kind) => (pair) => h("tr", {},
        h("th", { scope: "row" }, named(plural, pair[plural][0]), " ", keep(pair, 0)),
        h("td", { "data-label": t("The other") }, named(plural, pair[plural][1]), " ", keep(pair, 1)),
        cell(t("How sure"), percent(pair.confidence)),
        h("td", { "data-label": t("Reason") }, h("span", { class: "badges" },
            pair.reasons.map((reason) => badge(reasonText(reason, kind))))));
    const notices = h("div", { class: "notices" });
    const place = pending(() => Promise.all([kindOf(plural), page()]), ([kind, first]) => {
        if (!first.data.length) return quiet(t("No two of them seem to be the same."));
        const list = table(t("Duplicates"), [t("One"), t("The other"), figure(t("How sure")), t("Reason")],
            first.data.map(row(kind)), "stacked");
        return [list, paged(first, page, toTable(list, row(kind)))];
    }, { signal });
    return {
        title: t("Duplicates"),
        content: [
            h("p", { class: "links" }, h("a", { href: `#/${plural}` }, titleOf(plural))), h("h1", {}, t("Duplicates")),
            quiet(mayMerge(plural)
                ? t("One of the two stays and takes over what only the other one has. You can undo this.")
                : t("Open both, keep what is right in one of them, and delete the other.")), notices, place,
        ],
    };
};
