/* The stages of a sale, on its way from the first word to a signature. */

const steps = {
    outreach: "Get a reply", needs_assessment: "Understand their needs", proposal_created: "Send the proposal",
    proposal_delivered: "Get a decision on the proposal", negotiation: "Agree on terms",
    contract: "Get the contract signed",
};

export const openStages = Object.keys(steps);

/** What is to be done next with a deal at an open stage. */
export const nextStep = (stage) => steps[stage];
