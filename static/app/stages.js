import { t } from "../ui/words.js";

/* The stages of a sale, on its way from the first word to a signature. */

export const openStages = [
    "outreach", "needs_assessment", "proposal_created", "proposal_delivered", "negotiation", "contract",
];

/** The next step with a deal at an open stage. */
export const nextStep = (stage) => ({
    outreach: t("Get a reply"), needs_assessment: t("Understand their needs"), proposal_created: t("Send the proposal"),
    proposal_delivered: t("Get a decision on the proposal"), negotiation: t("Agree on terms"),
    contract: t("Get the contract signed"),
})[stage];
