/* The stages of a sale, on its way from the first word to a signature. */

const steps = {
    outreach: "Get an answer", needs_assessment: "Learn what they need", proposal_created: "Send the proposal",
    proposal_delivered: "Get their word on the proposal", negotiation: "Agree on terms",
    contract: "Get the signature",
};

export const openStages = Object.keys(steps);

/** What is to be done next with a deal at an open stage. */
export const nextStep = (stage) => steps[stage];
