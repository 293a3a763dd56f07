import { get, withQuery } from "../api.js";
import { badge, h, pending, quiet, section, table } from "../dom.js";
import { ago, percent, tone, words } from "../format.js";
import { live } from "../stream.js";

/** Every agent: the active, the inactive, and in one line those that are planned. */
export function agents({ signal }) {
    const everyone = pending(() => get(withQuery("/v1/agents", { limit: 200 }), signal), drawAll, { signal });
    live("agent.*,agent_run.*", () => everyone.reload(), signal);
    return {
        title: "Agents",
        content: [
            h("div", { class: "heading" }, h("h1", {}, "Agents"),
                h("p", { class: "links" }, h("a", { href: "#/runs" }, "Agent runs"))),
            everyone,
        ],
    };
}

function drawAll({ data }) {
    const atWork = data.filter(isAtWork);
    const planned = data.filter(({ reason }) => reason !== null);
    const others = data.filter((agent) => !isAtWork(agent) && agent.reason === null);
    return [
        section("Active", {}, atWork.length
            ? drawAgents(atWork)
            : quiet("No active agents. Open an inactive one and set its state to Active.")),
        others.length > 0 && section("Inactive", {}, drawOthers(others)),
        planned.length > 0 && section("Planned", {},
            h("p", { class: "links" }, planned.map((agent, n) => [n > 0 && ", ", link(agent)]))),
    ];
}

const order = ["failing", "silent", "degraded"];
const rank = ({ health }) => (order.indexOf(health) + order.length + 1) % (order.length + 1);

export const isAtWork = ({ state }) => state === "active" || state === "handover";

/** Those that are in trouble first. */
export function drawAgents(agents) {
    const row = (agent) => h(
        "tr", {},
        h("th", { scope: "row" }, link(agent), agent.last_error && inTrouble(agent)),
        h("td", {}, h("span", { class: "badges" }, health(agent))),
        h("td", { "data-label": "Autonomy" }, autonomies[agent.autonomy]),
        h("td", { "data-label": "Last run" }, ago(agent.last_run)),
        h("td", { "data-label": "Next run" }, ago(agent.next_run)),
        h("td", { "data-label": "Success rate", class: "figure" }, percent(agent.success_rate)));
    const columns = ["Agent", "Health", "Autonomy", "Last run", "Next run", { text: "Success rate", class: "figure" }];
    const sorted = agents.toSorted((a, b) => rank(a) - rank(b));
    return table("Active agents", columns, sorted.map(row), "stacked");
}

function drawOthers(agents) {
    const row = (agent) => h(
        "tr", {},
        h("th", { scope: "row" }, link(agent)),
        h("td", {}, badge(words(agent.state))),
        h("td", { class: "next" }, agent.purpose));
    return table("Inactive agents", ["Agent", "State", "Purpose"], agents.map(row), "stacked");
}

const link = (agent) => h("a", { href: `#/agents/${agent.name}` }, agent.title);
const inTrouble = ({ health, last_error }) =>
    !["healthy", "idle"].includes(health) && h("span", { class: "evidence" }, `Last error: ${words(last_error)}`);

/** The health of an agent, in a word. */
export function health({ state, health }) {
    return [
        state !== "active" && badge(words(state), tone(state)),
        badge(health === "idle" ? "No runs yet" : words(health), tone(health)),
    ];
}

/** What becomes of what an agent wants to do. */
export const autonomies = { observe: "Observe only", approve: "Needs approval", autopilot: "Automatic" };
