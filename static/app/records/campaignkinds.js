import { term } from "../../ui/words.js";

/* People's names for the ways in which campaigns reach people, as `kinds` has them for the rest. */

export const campaignKinds = {
    "email-campaigns": {
        singular: term("email campaign"), title: term("Email campaigns"), name: "name",
        form: ["name", "segment_id", "template_id", "variants", "holdout", "goal", "send_at", "campaign_id"],
        filters: ["status"], permission: "email_campaigns",
        labels: {
            segment_id: term("For"), template_id: term("Template"), variants: term("Variants"),
            holdout: term("Share left out for comparison"), goal: term("Success is"), send_at: term("Not before"),
            planned: term("Planned"), members: term("Looked at"), excluded: term("Left out"),
        },
        empty: term("An email campaign is one email to the people of a segment. Each gets it at most once."),
    },
    "tracked-links": {
        singular: term("tracked link"), title: term("Tracked links"), name: "target",
        form: ["name", "url", "utm", "campaign_id"],
        filters: [], permission: "tracked_links",
        labels: { url: term("Address"), utm: term("Marks for statistics"), target: term("Leads to") },
        empty: term("A tracked link leads to a page and counts who follows it, people apart from programs."),
    },
};
