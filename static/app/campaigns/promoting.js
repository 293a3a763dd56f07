import { ask, asked, operate } from "../records/ask.js";
import { t } from "../../ui/words.js";

/** Asks what a published post is to be shown for, and to whom, and has it prepared. */
export function askPromotion(one) {
    ask({
        title: t("Promote post"), action: t("Prepare"), wide: true,
        said: ({ id }) => ({ text: t("The advertisement is being prepared"),
            way: { text: t("View"), href: `#/post-promotions/${encodeURIComponent(id)}` } }),
        text: t("It rests at the service until you start it."),
        fields: [
            asked.record("ad_campaign_id", t("Ad campaign"), "ad-campaigns", { required: true }),
            asked.money("lifetime_budget", t("Budget in all"), { required: true }),
            asked.instant("end_at", t("Ends"), { required: true }),
            asked.country("country", t("Country"), { required: true }),
        ],
        run: ({ country, ...body }) => operate(`/v1/social-posts/${encodeURIComponent(one.id)}/promote`,
            { body: { ...body, countries: [country] } }),
    });
}
