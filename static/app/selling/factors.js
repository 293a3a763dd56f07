import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/* Tells what raises and lowers a lead's score, as people who sell say it. */

/** The names of factors: what is so in its favour, or what is missing. */
const phrases = {
    company_size: (value) => (value === 0 ? t("Company size not known")
        : value >= 0.5 ? t("Company of a good size") : t("Small company")),
    industry: (value) => (value === 0 ? t("Industry not known")
        : value >= 0.8 ? t("Industry that fits") : t("Industry that partly fits")),
    technology: (value) => (value === 0 ? t("Tools not known") : t("Works with digital tools")),
    online_presence: (value) => (value === 0 ? t("Not found online")
        : value >= 0.5 ? t("Easy to find online") : t("Hardly seen online")),
    engagement: (value) => (value === 0 ? t("No interest shown yet") : t("Has shown interest")),
    budget: (value, isNamed) => (value === 0 ? t("No budget named")
        : isNamed ? t("Budget named") : t("Ready to decide")),
};

/** Whether a factor rests on a named budget. Of scores of earlier releases only the sentence tells it. */
const hasBudget = ({ facts, evidence }) => (facts ? facts.includes("budget")
    : /\d.*per month|budget in|^budget \d/.test(evidence ?? ""));

const nameOf = (factor) => phrases[factor.name]?.(factor.value ?? 0, hasBudget(factor)) ?? words(factor.name);

/** Whether a factor's phrase speaks for the lead: "Small company" does not, even where it is worth some points. */
const isInFavour = ({ name, value }) => value > 0 && (value >= 0.5 || !graded.has(name));
const graded = new Set(["company_size", "online_presence"]);

/** "Budget named raises the score by 12". A learned model has no points, and is told by how much in words. */
export function effect(factor, isRules) {
    const { contribution, weight } = factor;
    if (!isRules) return learned(learnedName(factor), contribution);
    const points = Math.round(contribution);
    const name = points === 0 || points > 0 === isInFavour(factor) ? nameOf(factor) : factorName(factor.name);
    if (points > 0) return t("{name} raises the score by {points}", { name, points });
    if (points < 0) return t("{name} lowers the score by {points}", { name, points: -points });
    return weight >= 1 ? t("{name}: up to {points} more", { name, points: Math.round(weight) })
        : t("{name} makes no difference", { name });
}

function learned(name, contribution) {
    const size = Math.abs(contribution);
    if (size < 0.05) return t("{name} makes no difference", { name });
    const isClear = size >= 0.5;
    if (contribution > 0) {
        return isClear ? t("{name} raises the score clearly", { name })
            : t("{name} raises the score a little", { name });
    }
    return isClear ? t("{name} lowers the score clearly", { name }) : t("{name} lowers the score a little", { name });
}

/** Names a learned factor, which is about a whole group of facts; only a named budget is told as one. */
const learnedName = (factor) => (factor.name === "budget" && hasBudget(factor) ? t("Budget named")
    : factorName(factor.name));

/** The factor's plain name, for the table of figures. */
export const factorName = (name) => ({
    company_size: t("Company size"), industry: t("Industry"), technology: t("Technology"),
    online_presence: t("Online presence"), engagement: t("Interest shown"), budget: t("Budget and timing"),
})[name] ?? words(name);
