import { get } from "../api.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { unheard } from "../../ui/state.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

/** Shows the outlook on a client over the next year, each figure with its range, and what speaks for it. */
export function outlookCard({ id }, { signal, follow }) {
    const place = pending(() => get(`/v1/clients/${encodeURIComponent(id)}/outlook`, signal), drawOutlook, { signal });
    follow(place.reload);
    return section(t("Outlook"), {}, place);
}

function drawOutlook({ churn, lifetime_value: worth, growth, factors, model, at }) {
    const sum = (amount) => money({ amount, currency: worth.currency });
    const range = (low, high) => h("span", { class: "quiet" }, " ", t("{low} to {high}", { low, high }));
    return [
        facts([
            [t("Leaves within a year"),
                [percent(churn.probability), range(percent(churn.low), percent(churn.high))]],
            [t("Lifetime value"), worth.high > 0 && [sum(worth.amount), range(sum(worth.low), sum(worth.high))]],
            [t("Buys more within a year"),
                [percent(growth.probability), range(percent(growth.low), percent(growth.high))]],
        ]),
        reasons(factors, { more: "down", words: (isMore) =>
            isMore ? t("Makes leaving likelier") : t("Makes leaving less likely") }),
        reasons(growth.factors, { more: "up", words: (isMore) =>
            isMore ? t("Makes them likelier to buy more") : t("Makes them less likely to buy more") }),
        at ? quiet(...pieces("Judged {when}", { when: ago(at) }))
            : quiet(t("As of now. Active clients are judged every day.")),
        h("details", { class: "fold" }, h("summary", {}, t("How this was checked")), h("p", {},
            model.training_size > 0
                ? t("Learned from {count} months of clients; it foretells later months better than rules do.",
                    { count: number(model.training_size) })
                : t("By rules. Once 50 clients have left, it is learned from them where that foretells better."))),
    ];
}

/** Lists what is of weight, the weightiest first. `more`: where what makes it likelier points for the agency. */
function reasons(factors, { more, words }) {
    const sorted = factors.filter(({ contribution }) => Math.abs(contribution) >= 0.05)
        .sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
    return sorted.length > 0 && h("ul", { class: "reasons-why" }, sorted.map(({ contribution, evidence }) => {
        const isUp = (contribution > 0) === (more === "up");
        return h("li", { class: isUp ? "up" : "down" },
            h("span", { class: "sign", ...unheard }, isUp ? "↑" : "↓"),
            h("span", {}, h("span", { dir: "auto" }, evidence),
                h("span", { class: "evidence" }, words(contribution > 0))));
    }));
}
