import { call } from "../api.js";
import { announce, doing, fill, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { toolbar } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";

/** Decides each selected approval on its own; `decided` gets what became of each: [{approval, problem}]. */
export function bulkBar(chosen, decided) {
    const place = h("div", { class: "notices" }), count = h("strong", {}), panel = h("div");
    const element = h("div", { class: "bulk", ...toolbar(t("Selection")), hidden: true });

    async function decide(decision, more = {}) {
        const all = [...chosen.values()];
        const decisions = all.map(({ id }) => ({ id, decision, ...more }));
        const answer = await call("/v1/approvals/bulk", { method: "POST", body: { decisions } });
        const { results } = await answer.json();
        const done = results.filter(({ problem }) => !problem).length;
        announce(plural(done, "{count} decided", "{count} decided"));
        const status = decision === "approve" ? "approved" : "rejected";
        await decided(results.map(({ problem, body }, index) => ({
            approval: { ...all[index], status, effect: null, ...body }, problem,
        })));
    }
    const approve = doing(t("Approve selected"), () => decide("approve"), { place, class: "primary" });
    const reject = h("button", { type: "button", onclick() {
        fill(panel, form(
            { action: t("Reject selected"), submit: ({ reason }) => decide("reject", { reason }) },
            field(t("Reason"), "reason", { required: true, hint: t("Shared with the requesters.") })));
        panel.querySelector("input").focus();
    } }, t("Reject selected…"));
    fill(element, h("div", { class: "actions" }, count, approve, reject), place, panel);
    return {
        element,
        draw() {
            element.hidden = chosen.size === 0;
            fill(count, plural(chosen.size, "{count} selected", "{count} selected"));
        },
    };
}
