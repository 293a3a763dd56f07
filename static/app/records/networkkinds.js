import { term } from "../../ui/words.js";

/* People's names for what networks offer beside posts, as `kinds` has them for the rest. */

const read = { form: [], noEdit: true, noNew: true, noDelete: true };

export const networkKinds = {
    "lead-forms": {
        ...read, singular: term("lead form"), title: term("Lead forms"), name: "name",
        filters: ["network"], permission: "leads",
        labels: { remote_id: term("Name on the network"), network: term("Network") },
        empty: term("Forms that people fill in at LinkedIn and Facebook are listed here once their account is connected."),
        first: [term("Social accounts"), "#/social-accounts"],
    },
    "lead-form-responses": {
        ...read, singular: term("filled-in form"), title: term("Filled-in forms"), titled: "id",
        filters: ["network", "outcome"],
        permission: "leads",
        labels: {
            form_id: term("Form"), network: term("Network"), outcome: term("What became of it"), way: term("Told by"),
            campaign_name: term("Campaign there"), submitted_at: term("Filled in"), answers: term("Answers"),
            hidden_fields: term("Hidden fields"), consents: term("Consents"), social_post_id: term("Below the post"),
        },
        empty: term("Anyone who fills in a form at a network becomes a lead, once, and is listed here."),
        first: [term("Social accounts"), "#/social-accounts"],
    },
    "network-trends": {
        ...read, singular: term("trend"), title: term("Trends on networks"), name: "name",
        filters: ["account_id"], permission: "social_accounts",
        labels: {
            posts: term("Posts about it"), seen_at: term("Last told"), draft_id: term("Draft about it"),
            rank: term("Rank"), place: term("Place"), expires_at: term("Over at"), drafted_at: term("Drafted"),
        },
        empty: term("What people speak of at X is listed here once an account has a place for trends."),
        first: [term("Social accounts"), "#/social-accounts"],
    },
    "social-mentions": {
        ...read, singular: term("mention"), title: term("Mentions"), titled: "id",
        columns: ["day", "network", "account_id", "tone", "conversation_id"],
        filters: ["network", "account_id", "tone"],
        permission: "social_accounts",
        labels: {
            day: term("Day"), network: term("Network"), tone: term("Tone"), score: term("Score"),
            conversation_id: term("Conversation"), message_id: term("Message"),
        },
        empty: term("What people say to accounts where everybody reads it is counted here, by how it sounds."),
        first: [term("Social accounts"), "#/social-accounts"],
    },
    "network-spaces": {
        ...read, singular: term("live talk"), title: term("Live talks"), name: "title",
        filters: ["account_id", "state"], permission: "social_accounts",
        labels: {
            state: term("State"), at: term("Begins"), ended_at: term("Over at"), participants: term("Listeners"),
            seen_at: term("Last told"), announcement_id: term("Announced by"), recap_id: term("Looked back on by"),
        },
        empty: term("Spaces of connected accounts at X are listed here and in the calendar."),
        first: [term("Social accounts"), "#/social-accounts"],
    },
    "post-promotions": {
        ...read, noDelete: false, singular: term("promoted post"), title: term("Promoted posts"), titled: "id",
        filters: ["status"],
        permission: "campaigns",
        labels: {
            post_id: term("Post"), ad_campaign_id: term("Ad campaign"), total: term("Spends at most"),
            spend: term("Spent"), end_at: term("Ends"), start_at: term("Begins"), countries: term("Seen in"),
            daily_budget: term("Daily budget"), lifetime_budget: term("Budget in all"), measured_at: term("Last asked"),
            impressions: term("Impressions"), reach: term("Reach"), clicks: term("Clicks"),
        },
        empty: term("A published post of Facebook or Instagram can be shown for money: its page has Promote."),
        first: [term("View posts"), "#/social-posts?status=published"],
    },
};
