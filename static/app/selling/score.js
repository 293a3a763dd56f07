import { may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { told } from "../sentences.js";
import { bar } from "../../ui/bar.js";
import { badge, h, quiet } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { unheard } from "../../ui/state.js";
import { tone } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { evidenceOf } from "./evidence.js";
import { effect, factorName } from "./factors.js";

/** A score, why it is what it is, and the way to set another one. */
export function drawScore(decision, changed) {
    const { outcome, override, factors, model, created_at } = decision;
    const { score, priority, conversion_probability } = { ...outcome, ...override?.outcome };
    const isRules = model.name === "rules";
    const sorted = [...factors].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    return [
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, number(score)), h("span", { class: "quiet" }, t("of 100")),
            priority && badge(t("{level} priority", { level: words(priority) }), tone(priority)),
            h("span", {}, t("{share} likely to become a client", { share: percent(conversion_probability) }))),
        overridden(override),
        h("ul", { class: "reasons-why" }, sorted.map((factor) => reason(factor, isRules))),
        h("details", { class: "fold" }, h("summary", {}, t("Show the figures")), figures(decision, isRules)),
        h("div", { class: "actions" },
            may("decisions:override") && h("button", { type: "button", class: "small",
                onclick: () => askScore(decision, changed) }, t("Override score")),
            quiet(...pieces("Scored {when}", { when: ago(created_at) }))),
    ];
}

export const overridden = (override) => override && h("p", { class: "notice warn" },
    ...pieces("Set by a person {when}: {reason}", {
        when: ago(override.at), reason: h("span", { dir: "auto" }, override.reason),
    }));

function reason(factor, isRules) {
    const way = factor.contribution > 0.05 ? "up" : factor.contribution < -0.05 ? "down" : "none";
    const sign = { up: "↑", down: "↓", none: "·" }[way];
    return h("li", { class: way },
        h("span", { class: "sign", ...unheard }, sign),
        h("span", {}, effect(factor, isRules),
            h("span", { class: "evidence", dir: "auto" }, evidenceOf(factor.evidence))));
}

function figures({ factors, model, confidence }, isRules) {
    const size = ({ weight, contribution }) => (isRules ? weight : Math.abs(contribution));
    const most = Math.max(0.01, ...factors.map(size));
    const signed = (value) => `${value > 0 ? "+" : ""}${number(Number(value.toFixed(2)))}`;
    const row = (factor) => h("tr", {},
        h("th", { scope: "row" }, factorName(factor.name)),
        h("td", { class: "wide" }, isRules ? bar(factor.value, { track: factor.weight / most })
            : bar(Math.abs(factor.contribution) / most, { tone: factor.contribution < 0 ? "bad" : "" })),
        cell(t("Value"), percent(factor.value)), cell(t("Weight"), number(factor.weight)),
        cell(t("Effect"), isRules ? number(Math.round(factor.contribution * 10) / 10) : signed(factor.contribution)));
    return [
        table(t("Figures of the score"),
            [t("Factor"), "", figure(t("Value")), figure(t("Weight")), figure(t("Effect"))], factors.map(row),
            "factors stacked"),
        quiet(t("Based on {share} of what the score would like to know.", { share: percent(confidence) })),
        checked(model),
    ];
}

function checked({ training_size, auc, about }) {
    const text = training_size
        ? [
            t("Learned from {count} leads.", { count: number(training_size) }), " ",
            t("Of a won lead and another one, both new to it, it scored the won one higher in {share} of cases.",
                { share: percent(auc) }),
        ]
        : about && told(about);
    return text && h("details", { class: "fold" }, h("summary", {}, t("How this was checked")), h("p", {}, text));
}

function askScore({ id, outcome, override }, changed) {
    const now = { ...outcome, ...override?.outcome };
    ask({
        title: t("Override score"), action: t("Override score"), said: t("Score overridden"),
        text: t("Your score counts until something new is learned about the lead."),
        values: { score: now.score, priority: now.priority },
        fields: [
            asked.number("score", t("Score (0 to 100)"), { required: true }),
            asked.choice("priority", t("Priority"), ["high", "medium", "low"], { required: true }),
            asked.text("reason", t("Reason"), { required: true }),
        ],
        async run({ reason: why, ...next }) {
            await operate(`/v1/decisions/${encodeURIComponent(id)}/override`, { body: { outcome: next, reason: why } });
            await changed();
        },
    });
}
