import { campaignActions, campaignMenu, campaignMilestones, campaignSpending } from "../campaigns/campaign.js";
import { campaignDecisions, campaignResults } from "../campaigns/results.js";
import { pagesOf } from "../records/pages.js";

/** Campaigns: their states, what they cost, and what they bring. */
export const { list, newRecord, record, editRecord } = pagesOf("campaigns", {
    record: {
        facts: ["kpis", "channels", "milestones"], actions: campaignActions, menu: campaignMenu,
        panels: (one, tools) => [
            campaignSpending(one, tools), campaignResults(one, tools), campaignMilestones(one, tools),
            campaignDecisions(one, tools),
        ],
    },
});
