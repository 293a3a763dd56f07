import { call, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Campaigns of advertising services, and their budgets there. */
export const { list, newRecord, record, editRecord } = pagesOf("ad-campaigns", {
    record: {
        facts: ["remote_id", "shared_budget"],
        actions: (one, { reload }) => [
            may("campaigns:spend") && !one.shared_budget && h("button", { type: "button",
                onclick: () => askBudget(one, reload) }, t("Set the daily budget")),
            may("campaigns:write") && h("button", { type: "button",
                onclick: () => askCampaign(one, reload) }, t("Assign to a campaign")),
        ],
    },
});

function askCampaign({ id, campaign_id }, reload) {
    ask({
        title: t("Assign to a campaign"), action: t("Assign"), said: t("Campaign assigned"),
        text: t("What it costs at the advertising service is spent on the campaign from then on."),
        fields: [asked.record("campaign_id", t("Campaign"), "campaigns")], values: { campaign_id },
        run: ({ campaign_id: campaign = null }) => call(`/v1/ad-campaigns/${encodeURIComponent(id)}`,
            { method: "PATCH", body: { campaign_id: campaign } }).then(reload),
    });
}

function askBudget({ id, daily_budget }, reload) {
    ask({
        title: t("Set the daily budget"), action: t("Set the daily budget"), said: t("Daily budget set"),
        text: t("It is checked and written at the advertising service at once."),
        fields: [asked.money("daily_budget", t("Daily budget"), { required: true })], values: { daily_budget },
        run: (body) => operate(`/v1/ad-campaigns/${encodeURIComponent(id)}/budget`, { body }).then(reload),
    });
}
