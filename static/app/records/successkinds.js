import { words } from "../../ui/format.js";
import { heard, term } from "../../ui/words.js";

/* People's names for what clients begin with, want to reach and bring, as `kinds` has them for the rest. */

/** The offers to a client, where the same word means something else elsewhere. */
const offers = {
    upgrade: term("Upgrade"), cross_sell: term("Cross-sale"), renewal: term("Renewal"),
    retention: term("Keeping the client"), win_back: term("Winning back"),
};

/** Returns an opportunity's name. */
export const offerName = ({ kind }) => heard(offers[kind]) ?? offers[kind] ?? words(kind);

export const successKinds = {
    "review-rules": {
        singular: term("review rule"), title: term("Review rules"), name: "requirement",
        form: ["requirement", "client_id", "type"],
        filters: ["status"], noEdit: true, permission: "deliverables",
        labels: {
            requirement: term("Deliverables have"), type: term("Type of deliverables"),
            decided_at: term("Decided"),
        },
        empty: term("A review rule says what deliverables have to have. What is missed again and again is proposed as one."),
    },
    onboardings: {
        singular: term("onboarding"), title: term("Onboardings"),
        form: [], filters: ["status"],
        noEdit: true, noDelete: true, noNew: true,
        empty: term("A new client is taken in step by step, from the day on which it is made."),
        first: [term("View clients"), "#/clients"],
    },
    goals: {
        singular: term("goal"), title: term("Goals"), name: "name", fallback: "metric",
        form: ["client_id", "name", "metric", "measure", "target", "direction", "from", "by"],
        labels: { by: term("Until"), from: term("Counts from") },
        empty: term("A goal is a figure that a client wants to reach by a day."),
    },
    "project-templates": {
        singular: term("project template"), title: term("Project templates"), name: "name",
        form: ["name", "package_id", "milestones", "tasks"],
        empty: term("A template says with which milestones and tasks the projects of a package begin."),
    },
    opportunities: {
        singular: term("opportunity"), title: term("Opportunities"), name: "kind",
        called: (one) => one.kind && offerName(one), choices: { kind: offers },
        form: ["client_id", "kind", "package_id", "value", "reason", "due_on"], filters: ["kind", "status"],
        labels: { kind: term("Opportunity"), dismiss_reason: term("Why it was dismissed") },
        empty: term("An opportunity is what a client may buy or go on with. Agents find them; you can add one here."),
    },
    referrals: {
        singular: term("referral"), title: term("Referrals"), titled: "referred",
        called: ({ referred }) => referred?.name || words("referral"),
        form: [], filters: ["status", "source"],
        noEdit: true, noNew: true,
        labels: { referred: term("Person named"), client_id: term("Named by"), succeeded_at: term("First success") },
        empty: term("A referral is somebody whom a client has named to you: in the portal, by their link, or by word."),
        first: [term("Add the first one"), "#/referrals/new"],
    },
};
