import { get, withQuery } from "../api.js";
import { live } from "../stream.js";
import { autonomies, health, isAtWork } from "../agents/state.js";
import { purposeOf, titleOf } from "../titles.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters } from "../../ui/filter.js";
import { percent, words } from "../../ui/format.js";
import { figure, table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** Every agent: those in trouble first, then the others, and folded those that are planned. */
export function agents({ query, signal }) {
    let wanted = { q: query.q ?? "" };
    const everyone = pending(() => get(withQuery("/v1/agents", { limit: 200 }), signal),
        ({ data }) => drawAll(data.filter(matches), Boolean(wanted.q)), { signal });
    const matches = (one) => `${titleOf(one)} ${purposeOf(one)}`.toLowerCase().includes(wanted.q.toLowerCase());
    live("agent.*,agent_run.*", () => everyone.reload(), signal);
    return {
        title: t("Agents"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Agents")),
                h("p", { class: "links" }, h("a", { href: "#/runs" }, t("Agent runs")))),
            filters({
                label: t("Agents"), addressOf: (next) => withQuery("#/agents", next), wanted, signal,
                onChange(next) {
                    wanted = next;
                    everyone.reload();
                },
            }, field(t("Search by what they do"), "q", { type: "search", value: wanted.q })),
            everyone,
        ],
    };
}

const order = ["failing", "silent", "degraded"];
const rank = ({ health: code }) => (order.indexOf(code) + order.length + 1) % (order.length + 1);

function drawAll(data, isSearched) {
    const atWork = data.filter(isAtWork).toSorted((a, b) => rank(a) - rank(b));
    const planned = data.filter(({ reason }) => reason !== null);
    const others = data.filter((one) => !isAtWork(one) && one.reason === null);
    if (!data.length) {
        return empty(t("No agent does this."), { ways: h("a", { href: "#/agents" }, t("Show all agents")) });
    }
    return [
        atWork.length > 0 ? section(t("Active"), {}, agentTable(t("Active agents"), atWork)) : !isSearched
            && quiet(t("No active agents. Open an inactive one and switch it on.")),
        others.length > 0 && section(t("Inactive"), {}, agentTable(t("Inactive agents"), others)),
        planned.length > 0 && h("details", { class: "fold", open: isSearched },
            h("summary", {}, plural(planned.length, "{count} more planned", "{count} more planned")),
            h("ul", { class: "plain columns-list" }, planned.map((one) => h("li", {}, link(one))))),
    ];
}

function agentTable(caption, list) {
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, link(one), h("span", { class: "evidence" }, purposeOf(one)),
            one.last_error && !["healthy", "idle"].includes(one.health) && h("span", { class: "evidence fault" },
                t("Last error: {error}", { error: words(one.last_error) }))),
        h("td", {}, h("span", { class: "badges" }, health(one))),
        h("td", { "data-label": t("Autonomy") }, autonomies()[one.autonomy]),
        h("td", { "data-label": t("Last run") }, ago(one.last_run)),
        h("td", { "data-label": t("Next run") }, ago(one.next_run)),
        h("td", { "data-label": t("Success rate"), class: "figure" }, percent(one.success_rate)));
    const columns = [t("Agent"), t("State"), t("Autonomy"), t("Last run"), t("Next run"),
        figure(t("Success rate"))];
    return table(caption, columns, list.map(row), "stacked");
}

const link = (one) => h("a", { href: `#/agents/${one.name}` }, titleOf(one));
