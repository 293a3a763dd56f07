import { get, may, withQuery } from "../api.js";
import { live } from "../stream.js";
import { autonomies, health, isAtWork } from "../agents/state.js";
import { switching } from "../agents/switching.js";
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
    const heading = h("h1", { tabindex: -1 }, t("Agents"));
    const switches = may("agents:configure") ? switching(async () => {
        await everyone.reload();
        heading.focus();
    }) : null;
    const everyone = pending(() => get(withQuery("/v1/agents", { limit: 200 }), signal),
        ({ data }) => drawAll(data.filter(matches), Boolean(wanted.q), switches), { signal });
    const matches = (one) => `${titleOf(one)} ${purposeOf(one)}`.toLowerCase().includes(wanted.q.toLowerCase());
    live("agent.*,agent_run.*", () => everyone.reload(), signal);
    return {
        title: t("Agents"),
        content: [
            h("div", { class: "heading" }, heading,
                h("p", { class: "links" }, h("a", { href: "#/runs" }, t("Agent runs")))),
            filters({
                label: t("Agents"), addressOf: (next) => withQuery("#/agents", next), wanted, signal,
                onChange(next) {
                    wanted = next;
                    everyone.reload();
                },
            }, field(t("Search by what they do"), "q", { type: "search", value: wanted.q })),
            switches?.told, switches?.bar, everyone,
        ],
    };
}

const order = ["failing", "silent", "degraded"];
const rank = ({ health: code }) => (order.indexOf(code) + order.length + 1) % (order.length + 1);

function drawAll(data, isSearched, switches) {
    const atWork = data.filter(isAtWork).toSorted((a, b) => rank(a) - rank(b));
    const planned = data.filter(({ reason }) => reason !== null);
    const others = data.filter((one) => !isAtWork(one) && one.reason === null);
    if (!data.length) {
        return empty(t("No agent does this."), { ways: h("a", { href: "#/agents" }, t("Show all agents")) });
    }
    return [
        atWork.length > 0 ? part(t("Active"), t("Active agents"), atWork, switches) : !isSearched
            && quiet(t("No active agents. Open an inactive one and switch it on.")),
        others.length > 0 && part(t("Inactive"), t("Inactive agents"), others, switches),
        planned.length > 0 && h("details", { class: "fold", open: isSearched },
            h("summary", {}, plural(planned.length, "{count} more planned", "{count} more planned")),
            h("ul", { class: "plain columns-list" }, planned.map((one) => h("li", {}, link(one))))),
    ];
}

/** The agents of a state, with a button that selects them all where they can be switched. */
function part(title, caption, list, switches) {
    const agents = agentTable(caption, list, switches);
    return section(title, {}, switches?.all(caption, list), agents);
}

function agentTable(caption, list, switches) {
    const row = (one) => h("tr", {}, switches?.box(one),
        h("th", { scope: "row" }, link(one), h("span", { class: "evidence" }, purposeOf(one)),
            one.last_error && !["healthy", "idle"].includes(one.health) && h("span", { class: "evidence fault" },
                t("Last error: {error}", { error: words(one.last_error) }))),
        h("td", {}, h("span", { class: "badges" }, health(one))),
        h("td", { "data-label": t("Autonomy") }, autonomies()[one.autonomy]),
        h("td", { "data-label": t("Last run") }, ago(one.last_run)),
        h("td", { "data-label": t("Next run") }, ago(one.next_run)),
        h("td", { "data-label": t("Success rate"), class: "figure" }, percent(one.success_rate)));
    const columns = [...(switches ? [""] : []), t("Agent"), t("State"), t("Autonomy"), t("Last run"), t("Next run"),
        figure(t("Success rate"))];
    return table(caption, columns, list.map(row), switches ? "stacked picking" : "stacked");
}

const link = (one) => h("a", { href: `#/agents/${one.name}` }, titleOf(one));
