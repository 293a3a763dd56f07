import { tenant } from "../api.js";
import { operate } from "../records/ask.js";
import { named } from "../records/naming.js";
import { dialog } from "../../ui/dialog.js";
import { doing, h, pending, quiet } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Moves those who are on their way to the newest version, after showing where each would go on. */
export function askMigration({ id, revision }, changed) {
    const path = `/v1/sequences/${encodeURIComponent(id)}/migrate`;
    const { close } = dialog({
        title: t("Move people to version {number}", { number: number(revision) }), wide: true,
        content: () => pending(() => operate(path, { body: { preview: true } }), draw),
    });
    function draw({ enrollments }) {
        if (!enrollments.length) return quiet(t("Everyone is at the newest version."));
        const place = h("div", { class: "notices" });
        const row = (one) => h("tr", {},
            h("th", { scope: "row" }, one.lead_id ? named("leads", one.lead_id) : t("Contact")),
            h("td", { "data-label": t("Now at") }, t("step {number}", { number: number(one.from_position + 1) })),
            h("td", { "data-label": t("Goes on at") }, t("step {number}", { number: number(one.position + 1) })),
            h("td", { "data-label": t("Next") }, one.next_at ? instantIn(one.next_at, tenant().time_zone) : "–"));
        return [
            table(t("People"), [t("Person"), t("Now at"), t("Goes on at"), t("Next")], enrollments.map(row), "stacked"),
            place,
            h("div", { class: "actions end" },
                h("button", { type: "button", onclick: () => close() }, t("Cancel")),
                doing(t("Move people"), async () => {
                    await operate(path, { body: { preview: false } });
                    close();
                    toast(t("Moved to the newest version"));
                    await changed();
                }, { place, class: "primary" })),
        ];
    }
}
