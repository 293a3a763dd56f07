import { may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { badge, h, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { statusBadge, tone } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { overridden } from "./score.js";

/** The questions of the criteria, as a person would ask them. */
const criteriaNames = () => ({
    budget: t("Has the budget"), timeline: t("Decides within six months"), authority: t("Contact may decide"),
    challenge: t("Has a problem to solve"), gap: t("Something is missing today"), growth: t("Wants to grow"),
});

/** Whether a lead is qualified, by which criteria, and what is still to be asked. */
export function drawQualification(decision, changed) {
    const { outcome, override, created_at } = decision;
    const { result, criteria = [], questions = [], summary } = { ...outcome, ...override?.outcome };
    const names = criteriaNames();
    return [
        h("p", {}, statusBadge(result), " ", h("span", { class: "quiet" }, ago(created_at))),
        overridden(override),
        summary && h("p", { dir: "auto" }, summary),
        questions.length > 0 && [
            h("h3", {}, t("Open questions")),
            h("ul", {}, questions.map(({ text }) => h("li", { dir: "auto" }, text))),
        ],
        h("ul", { class: "criteria" }, criteria.map((one) => criterion(one, names))),
        may("decisions:override") && h("div", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askResult(decision, changed) }, t("Override qualification"))),
    ];
}

export const notQualified = () =>
    quiet(t("Not qualified yet. “Qualify now” checks budget, timing and who decides."));

function criterion({ name, state, mandatory, evidence }, names) {
    return h("li", {},
        badge(state === "unknown" ? t("Open") : words(state), tone(state)),
        h("span", {},
            h("strong", {}, names[name] ?? words(name)),
            mandatory && h("span", { class: "quiet" }, " ", t("(required)")),
            h("span", { class: "evidence", dir: "auto" }, evidence)));
}

function askResult({ id, outcome, override }, changed) {
    ask({
        title: t("Override qualification"), action: t("Override qualification"), said: t("Qualification overridden"),
        values: { result: override?.outcome?.result ?? outcome.result },
        fields: [
            asked.choice("result", t("Result"), ["qualified", "disqualified", "needs_information"], { required: true }),
            asked.text("reason", t("Reason"), { required: true }),
        ],
        async run({ result, reason }) {
            const path = `/v1/decisions/${encodeURIComponent(id)}/override`;
            await operate(path, { body: { outcome: { result }, reason } });
            await changed();
        },
    });
}
