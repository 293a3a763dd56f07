import { get, may, tenant } from "../api.js";
import { badge, bar, h, pending, quiet, section, table, throttled } from "../dom.js";
import { ago, amount, number, percent, tone, words } from "../format.js";
import { feed } from "./feed.js";

/** How the agency stands: what is still missing, the figures, the agents, and what happens right now. */
export function home({ signal }) {
    const load = (path) => () => get(path, signal);
    const figures = pending(load("/v1/dashboard/overview"), drawFigures, { signal });
    const pipeline = pending(load("/v1/dashboard/pipeline"), drawPipeline, { signal });
    const agents = pending(load("/v1/agents"), drawAgents, { signal });
    const setup = may("settings:read") && pending(load("/v1/setup"), drawSetup, { signal });

    const recount = throttled(3000, () => (figures.reload(), pipeline.reload()), signal);
    const lookAtAgents = throttled(3000, () => agents.reload(), signal);
    const onEvent = ({ type }) => (type.startsWith("agent") ? lookAtAgents() : recount());

    return {
        title: "Overview",
        content: [
            h("h1", {}, tenant().name ?? "Overview"),
            h("div", { class: "columns" },
                h("div", {},
                    section("Figures", {}, figures),
                    section("Agents", {}, agents),
                    section("Pipeline", {}, pipeline)),
                h("div", {},
                    may("settings:read") && section("Still to set up", {}, setup),
                    may("events:read") && feed(signal, onEvent))),
        ],
    };
}

function drawFigures({ leads, sales }) {
    const figure = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
    return h(
        "dl", { class: "figures" },
        figure("Leads", number(leads.total)),
        figure("Qualified", number(leads.qualified)),
        figure("Qualified share", percent(leads.conversion_rate / 100)),
        figure("Open deals", number(sales.active_deals)),
        figure("Pipeline value", amount(sales.pipeline_value, tenant().currency ?? "USD")));
}

function drawPipeline({ stages, total_deals }) {
    if (total_deals === 0) return quiet("No deals yet: they begin with leads that are qualified.");
    const most = Math.max(1, ...stages.map((stage) => stage.value));
    const row = (stage) => h(
        "tr", {},
        h("th", { scope: "row" }, words(stage.stage)),
        h("td", { class: "wide" }, bar(stage.value / most, { tone: tone(stage.stage) })),
        h("td", { class: "figure" }, `${number(stage.deals)} ${stage.deals === 1 ? "deal" : "deals"}`),
        h("td", { class: "figure" }, amount(stage.value, tenant().currency ?? "USD")));
    return table("Deals by stage", ["Stage", "", "Deals", "Value"], stages.map(row), "stages");
}

function drawAgents({ data }) {
    if (!data.length) return quiet("No agents.");
    const order = ["active", "handover", "standby", "disabled"];
    const sorted = data.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    const row = (agent) => h(
        "tr", { class: agent.state === "active" ? "" : "dim" },
        h("th", { scope: "row" }, agent.title, agent.reason && h("span", { class: "evidence" }, agent.reason)),
        h("td", {}, badge(words(agent.state), tone(agent.state)), agent.health === "failing" && badge("Failing", "bad")),
        h("td", { "data-label": "Last run" }, ago(agent.last_run)),
        h("td", { "data-label": "Next run" }, ago(agent.state === "active" && agent.next_run)),
        h("td", { "data-label": "Succeeded", class: "figure" }, percent(agent.success_rate)));
    const columns = ["Agent", "State", "Last run", "Next run", { text: "Succeeded", class: "figure" }];
    return table("Agents, their state and runs", columns, sorted.map(row), "stacked");
}

function drawSetup({ data }) {
    const open = data.filter((item) => !item.done);
    if (!open.length) return quiet("Everything is set up.");
    const line = ({ key, title, reason, link }) => h(
        "li", {}, h("strong", {}, title), h("p", {}, reason),
        pages[key] ? h("a", { href: pages[key] }, "Import leads") : way(link));
    return [quiet(`${data.length - open.length} of ${data.length} done`), h("ul", { class: "setup" }, open.map(line))];
}

/** What can be done in this console; the rest is done over the API, whose reference opens at the place. */
const pages = { leads: "#/import", outcomes: "#/import" };

function way(link) {
    const path = link.split("?")[0];
    return h("a", { href: `/docs#q=${encodeURIComponent(path)}` }, "Over the API: ", h("code", {}, path));
}
