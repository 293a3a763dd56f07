import { get, may, tenant, withQuery } from "../api.js";
import { told } from "../sentences.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { drawQualification, notQualified } from "./qualification.js";
import { drawScore } from "./score.js";

/** Shows the next step with a lead, and its time. */
export const nextStep = (lead) => h("div", { class: "next-action" },
    h("h2", {}, t("Next step")),
    h("p", { dir: "auto" }, lead.next_action ? told(lead.next_action) : t("Score the lead to get a suggestion.")),
    lead.best_contact_at && new Date(lead.best_contact_at) > new Date() && bestTime(lead.best_contact_at));

/** In working hours where the lead is; told in the reader's time, and in the agency's where it is another. */
function bestTime(instant) {
    const here = instantIn(instant), there = instantIn(instant, tenant().time_zone);
    return quiet(here === there ? t("Best time to contact: {here}", { here })
        : t("Best time to contact: {here} ({there} at the agency)", { here, there }));
}

/** Why a lead has its score, and whether it is qualified. */
export function scoring(lead, { signal, reload, follow }) {
    if (!may("decisions:read")) return null;
    const asked = withQuery("/v1/decisions", { subject_id: lead.id, limit: 50 });
    const place = pending(() => get(asked, signal), ({ data }) => {
        const score = data.find(({ agent }) => agent === "lead_scoring");
        const qualification = data.find(({ agent }) => agent === "lead_qualification");
        return [
            section(t("Why this score"), {}, score ? drawScore(score, reload)
                : quiet(t("Not scored yet. “Score now” says how promising this lead is, and why."))),
            section(t("Qualification"), {},
                qualification ? drawQualification(qualification, reload) : notQualified()),
        ];
    }, { signal });
    follow(place.reload);
    return place;
}
