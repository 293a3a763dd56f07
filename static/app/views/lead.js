import { get, may, tenant, withQuery } from "../api.js";
import { badge, bar, h, pending, quiet, section, table } from "../dom.js";
import { ago, instantIn, number, percent, tone, words } from "../format.js";

/** What is to be done next with a lead, and when. */
export const nextStep = (lead) => h("div", { class: "next-action" },
    h("h2", {}, "Next step"),
    h("p", {}, lead.next_action ?? "No suggestion yet: the lead has not been scored."),
    lead.best_contact_at && bestTime(lead.best_contact_at));

/** Why a lead has its score, and whether it is qualified. */
export const scoring = (lead, signal) => may("decisions:read") && pending(
    () => get(withQuery("/v1/decisions", { subject_id: lead.id, limit: 50 }), signal), drawDecisions, { signal });

const list = (texts) => h("ul", {}, texts.map((text) => h("li", {}, text)));

/** In working hours where the lead is; told in the reader's time, and in the agency's where it is another. */
function bestTime(instant) {
    const here = instantIn(instant), there = instantIn(instant, tenant().time_zone);
    return quiet(`Best time to contact: ${here}`, here !== there && ` (${there} at the agency)`);
}

function drawDecisions({ data }) {
    const scoring = data.find((decision) => decision.agent === "lead_scoring");
    const qualification = data.find((decision) => decision.agent === "lead_qualification");
    return [
        section("Why this score", {}, scoring ? drawScore(scoring) : quiet("Not scored yet.")),
        section(
            "Qualification", {},
            qualification ? drawQualification(qualification) : quiet("Not qualified yet.")),
    ];
}

/** "employee_count 25 speaks against it" as a salesperson says it. */
const inWords = (evidence) => String(evidence ?? "")
    .replaceAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/g, (code) => words(code))
    .replaceAll("speaks against it", "lowers the score").replaceAll("speaks for it", "raises the score");

function drawScore({ outcome, override, factors, model, confidence, created_at }) {
    const { score, priority, conversion_probability } = override?.outcome ?? outcome;
    const isRules = model.name === "rules";
    const size = ({ weight, contribution }) => (isRules ? weight : Math.abs(contribution));
    const most = Math.max(0.01, ...factors.map(size));
    // Rules give points, up to the weight; the learned model gives log-odds, which may lower a score.
    const signed = (value) => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
    const row = ({ name, value, weight, contribution, evidence }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(name), h("span", { class: "evidence" }, inWords(evidence))),
        h("td", { class: "wide" }, isRules
            ? bar(value, { track: weight / most })
            : bar(Math.abs(contribution) / most, { tone: contribution < 0 ? "bad" : "" })),
        h("td", { class: "figure" }, percent(value)),
        h("td", { class: "figure" }, number(weight)),
        h("td", { class: "figure strong" }, isRules ? contribution.toFixed(1) : signed(contribution)));
    const figure = (text) => ({ text, class: "figure" });
    return [
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, score), h("span", { class: "quiet" }, " of 100"),
            badge(`${words(priority)} priority`, tone(priority)),
            h("span", {}, `${percent(conversion_probability)} likely to become a client`)),
        override && h("p", { class: "notice warn" }, `Overridden by a person: ${override.reason}`),
        table(
            isRules ? "Points by factor" : "What raises and lowers the score",
            ["Factor", "", figure("Value"), figure("Weight"), figure(isRules ? "Points" : "Effect")],
            factors.map(row), "factors"),
        quiet(`${words(model.name)} ${model.version}. Based on ${percent(confidence)} of its inputs. Scored `,
            ago(created_at), "."),
        model.training_size && h("details", { class: "fold" },
            h("summary", {}, "How this was checked"),
            h("p", {}, `Trained on ${number(model.training_size)} leads. Of a converted lead and another one that it `
                + `had not seen, it scored the converted one higher in ${percent(model.auc)} of cases.`)),
    ];
}

function drawQualification({ outcome, override, created_at }) {
    const { result, criteria = [], questions = [] } = override?.outcome ?? outcome;
    return [
        h("p", {}, badge(words(result), tone(result)), " ", h("span", { class: "quiet" }, ago(created_at))),
        override && h("p", { class: "notice warn" }, `Overridden by a person: ${override.reason}`),
        h("ul", { class: "criteria" }, criteria.map(criterion)),
        questions.length > 0 && [h("h3", {}, "Open questions"), list(questions.map(({ text }) => text))],
    ];
}

function criterion({ name, state, mandatory, evidence }) {
    return h(
        "li", {},
        badge(words(state), tone(state)),
        h("span", {},
            h("strong", {}, words(name)), mandatory && h("span", { class: "quiet" }, " (required)"),
            h("span", { class: "evidence" }, evidence)));
}
