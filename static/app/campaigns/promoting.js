import { get } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { control } from "../records/control.js";
import { t } from "../../ui/words.js";

/** Asks what a published post is to be shown for, and to whom, and has it prepared. */
export function askPromotion(one) {
    const ad = control(asked.record("ad_campaign_id", t("Ad campaign"), "ad-campaigns", { required: true }));
    const budget = control(asked.money("lifetime_budget", t("Budget in all"), { required: true, isAnyCurrency: true }));
    ad.element.addEventListener("input", () => spendAs(ad.get(), budget));
    ask({
        title: t("Promote post"), action: t("Prepare"), wide: true,
        said: ({ id }) => ({ text: t("The advertisement is being prepared"),
            way: { text: t("View"), href: `#/post-promotions/${encodeURIComponent(id)}` } }),
        text: t("It rests at the service until you start it."),
        fields: [
            ad, budget, asked.instant("end_at", t("Ends"), { required: true }),
            asked.countries(t("Countries"), { required: true }),
        ],
        run: (body) => operate(`/v1/social-posts/${encodeURIComponent(one.id)}/promote`, { body }),
    });
}

/** Money is spent in the currency of the account that the campaign belongs to, as far as that is known. */
async function spendAs(id, budget) {
    const found = id && await get(`/v1/ad-campaigns/${encodeURIComponent(id)}`).catch(() => null);
    const currency = (found?.daily_budget ?? found?.spend)?.currency;
    if (currency) budget.spendIn(currency);
}
