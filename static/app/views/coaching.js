import { get } from "../api.js";
import { linkTo } from "../places.js";
import { readable } from "../readable.js";
import { named } from "../records/naming.js";
import { measured, measureName } from "../support/measures.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { figure, table } from "../../ui/table.js";
import { plural, t } from "../../ui/words.js";

/** Shows who could learn what from whom, what works, and which targets are met. */
export function coaching({ signal }) {
    return {
        title: t("Coaching"),
        content: [
            h("p", { class: "links crumbs" }, h("a", { href: "#/insights/support" }, t("Support"))),
            h("h1", {}, t("Coaching")), pending(() => get("/v1/ticket-figures/coaching", signal), draw, { signal }),
        ],
    };
}

const draw = ({ people, best_practices, benchmarks, recommendations, responses }) => h("div", { class: "columns" },
    h("div", {},
        section(t("Recommended"), {}, recommendations.length ? h("ul", { class: "papers" }, recommendations.map(
            ({ kind, recommended_action }) => h("li", {}, h("p", { class: "badges" }, badge(words(kind), "warn")),
                h("p", {}, readable(recommended_action))))) : quiet(t("Nothing to recommend from what is known."))),
        section(t("People"), {}, people.length ? h("ul", { class: "papers" }, people.map(person))
            : quiet(t("Nobody has worked on tickets yet.")))),
    h("div", {},
        section(t("Targets"), {}, targets(benchmarks.map(({ measure, ...one }) => ({ name: measure, ...one })))),
        section(t("Automatic answers"), {}, targets(responses.automated)),
        section(t("What works"), {}, practices(best_practices))));

function person({ assignee_id, solved, gaps, reason, ...figures }) {
    const known = Object.entries(figures).filter(([, one]) => one?.value !== null && one?.value !== undefined);
    return h("li", {},
        h("h3", {}, named("users", assignee_id, t("A colleague"))),
        h("p", { class: "quiet" }, h("a", { href: `#/tickets?assignee_id=${assignee_id}` },
            plural(solved, "{count} resolved ticket", "{count} resolved tickets"))),
        known.length > 0 && table(t("Beside the team"), ["", figure(t("Own")),
            figure(t("Team"))], known.map(([name, { value, team }]) => h("tr", {},
            h("th", { scope: "row" }, measureName(name)), h("td", { class: "figure" }, measured(name, value)),
            h("td", { class: "figure" }, measured(name, team))))),
        reason && quiet(readable(reason)),
        gaps?.length > 0 && h("ul", {}, gaps.map((gap) => h("li", {}, readable(gap.recommended_action),
            gap.learn_from && [" ", t("Ask:"), " ", named("users", gap.learn_from, t("a colleague"))]))));
}

function targets(list) {
    return table(t("Targets"), ["", figure(t("Value")), figure(t("Target")), ""],
        list.map(({ name, value, target, met, reason, sample }) => h("tr", {},
            h("th", { scope: "row" }, measureName(name), reason && h("span", { class: "evidence" },
                t("Too few are known yet: {count}.", { count: number(sample) }))),
            h("td", { class: "figure" }, measured(name, value)), h("td", { class: "figure" }, measured(name, target)),
            h("td", {}, met === null ? "" : badge(met ? t("Met") : t("Missed"), met ? "good" : "bad")))));
}

function practices({ articles, rules, macros, reason }) {
    if (reason) return quiet(t("No article, rule or macro is known to have resolved a ticket."));
    const line = (type, id, name, note) => h("li", {}, h("p", { class: "badges" }, linkTo({ type, id }, name),
        badge(note)));
    return h("ul", { class: "papers" },
        articles.map((one) => line("article", one.article_id, one.title,
            t("Helpful: {count}", { count: number(one.record) }))),
        rules.map((one) => line("ticket_trigger", one.trigger_id, one.name,
            t("Helpful: {count}", { count: number(one.confirmed) }))),
        macros.map((one) => line("macro", one.macro_id, one.name,
            t("Resolved: {count}", { count: number(one.solved) }))));
}
