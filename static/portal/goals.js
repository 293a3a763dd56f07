import { get } from "../app/api.js";
import { bar } from "../ui/bar.js";
import { badge, h, pending, section } from "../ui/dom.js";
import { number, percent, words } from "../ui/format.js";
import { day, dayOf } from "../ui/when.js";
import { t } from "../ui/words.js";

/** Shows the goals that were agreed, how far each is, and until when. */
export const goals = (signal) => pending(() => get("/v1/portal/goals?limit=50", signal), ({ data }) => (data.length
    ? section(t("Your goals"), {}, h("ul", { class: "cards" }, data.map((one) => h("li", {}, draw(one))))) : null),
{ signal });

function draw({ name, metric, baseline, current, target, direction, progress, by, reached_at: reached }) {
    const aim = direction === "at_most" ? t("At most {target}", { target: number(target) })
        : t("At least {target}", { target: number(target) });
    return [
        h("h3", { dir: "auto" }, name ?? words(metric.split(".").pop())),
        h("p", { class: "badges" }, reached ? badge(t("Reached"), "good")
            : h("span", {}, t("By {day}", { day: day(by) })), reached && h("span", {}, dayOf(reached))),
        h("p", {}, baseline === null ? t("{aim}; now {value}", { aim, value: number(current) })
            : t("{aim}; at first {baseline}, now {value}",
                { aim, baseline: number(baseline), value: number(current) })),
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(Math.min(1, Math.max(0, progress))) })),
        bar(progress),
    ];
}
