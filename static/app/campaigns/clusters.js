import { call } from "../api.js";
import { operate } from "../records/ask.js";
import { dialog } from "../../ui/dialog.js";
import { fill, h, pending, quiet } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";

/** Shows the groups that leads fall into, each of which is saved as a segment. */
export function proposeSegments() {
    const place = pending(() => operate("/v1/segments/clusters", { body: { of: "leads" } }), draw);
    dialog({ title: t("Proposed segments"), wide: true, content: () => place });
}

function draw({ clusters, reason }) {
    if (!clusters.length) return quiet(reason);
    return clusters.map((one) => {
        const way = h("div", {}, h("button", { type: "button", class: "small",
            onclick: () => save(one, way) }, t("Save as segment")));
        return h("section", {}, h("h3", { dir: "auto" }, one.name),
            h("p", {}, plural(one.count, "{count} lead", "{count} leads")), drawFeatures(one.features), way);
    });
}

function drawFeatures(features) {
    return table(t("What sets it apart"), [t("Field"), t("Value"), figure(t("In the group")), figure(t("Of all"))],
        features.map(({ field, value, share, share_of_all: all }) => h("tr", {},
            h("th", { scope: "row" }, words(field)), h("td", { "data-label": t("Value"), dir: "auto" }, value),
            cell(t("In the group"), percent(share)),
            cell(t("Of all"), percent(all)))), "stacked");
}

async function save({ name, filter, count }, way) {
    const answer = await call("/v1/segments", { method: "POST", body: { name, of: "leads", filter } });
    const { id } = await answer.json();
    fill(way, quiet(t("Saved, with {count} leads.", { count: number(count) })));
    toast(t("Segment saved"), { text: t("View segment"), href: `#/segments/${encodeURIComponent(id)}` });
}
