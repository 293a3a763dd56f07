import { call, get, may } from "../api.js";
import { badge, h, pending, quiet, section, throttled } from "../dom.js";
import { number, tone, words } from "../format.js";
import { linkTo } from "../places.js";
import { recount, waiting } from "../waiting.js";
import { drawAgents, isAtWork } from "./agents.js";
import { feed } from "./feed.js";
import { keyFigures, pipeline as pipelineBars } from "./insights.js";
import { sampleSwitch } from "./sample.js";

/** The state of the agency: open set-up steps, key metrics, agents, and live activity. */
export function home({ signal }) {
    const load = (path) => () => get(path, signal);
    const mayCount = may("dashboard:read");
    const figures = mayCount && pending(load("/v1/dashboard/overview"), keyFigures, { signal });
    const pipeline = mayCount && pending(load("/v1/dashboard/pipeline"), pipelineBars, { signal });
    const agents = may("agents:read") && pending(load("/v1/agents?limit=200"), drawTeam, { signal });
    const mayBeAsked = may("approvals:read") || may("alerts:read");
    const forYou = mayBeAsked && pending(() => loadWaiting(signal), drawWaiting, { signal });
    const setup = may("settings:read") && pending(load("/v1/setup"), drawSetup, { signal });

    const refresh = throttled(3000, () => mayCount && (figures.reload(), pipeline.reload()), signal);
    const lookAtAgents = throttled(3000, () => agents && agents.reload(), signal);
    const lookAtWaiting = throttled(3000, () => (forYou && forYou.reload(), recount()), signal);
    const onEvent = ({ type }) => {
        if (/^(approval|alert|brake|invoice)\./.test(type)) lookAtWaiting();
        else if (type.startsWith("agent")) lookAtAgents();
        else refresh();
    };

    return {
        title: "Today",
        content: [
            h("h1", {}, "Today"),
            h("div", { class: "columns" },
                h("div", {},
                    forYou && section("Needs your attention", {}, forYou),
                    figures && section("Key metrics", {}, figures),
                    agents && section("Agents", {}, agents),
                    pipeline && section("Pipeline", {}, pipeline)),
                h("div", {},
                    may("settings:read") && section("Setup", {}, setup),
                    may("events:read") && feed(signal, onEvent))),
        ],
    };
}

/** Pending approvals, open alerts and the like: how many, and the newest of them. */
async function loadWaiting(signal) {
    const newest = (path, permission) => (may(permission) ? get(path, signal) : { data: [] });
    const [approvals, alerts, asked, raised, brakes, overdue] = await Promise.all([
        waiting("approvals", signal), waiting("alerts", signal),
        newest("/v1/approvals?status=pending&limit=3", "approvals:read"),
        newest("/v1/alerts?open=true&limit=3", "alerts:read"),
        newest("/v1/brakes?limit=50", "brakes:read"),
        newest("/v1/invoices?status=overdue&limit=1&fields=id&total=true", "invoices:read"),
    ]);
    const stopped = brakes.data.filter(({ released_at }) => released_at === null);
    return { approvals, alerts, asked: asked.data, raised: raised.data, stopped, overdue: overdue.total ?? 0 };
}

function drawWaiting({ approvals, alerts, asked, raised, stopped, overdue }) {
    if (approvals + alerts + stopped.length + overdue === 0) {
        return quiet("You are all caught up: no pending approvals, no open alerts.");
    }
    const all = (count, address, one, many) =>
        count > 0 && h("a", { href: address }, `${number(count)} ${count === 1 ? one : many}`);
    const line = (mark, text) => h("li", {}, mark, " ", text);
    return [
        h("ul", { class: "plain" },
            stopped.map(({ scope, target, reason }) => line(
                badge("Stopped", "bad"),
                h("a", { href: "#/outbox" },
                    `${scope === "tenant" ? "All sending" : `${words(scope)} ${target}`}: ${reason}`))),
            raised.map(({ severity, title }) =>
                line(badge(words(severity), tone(severity)), h("a", { href: "#/alerts" }, title))),
            asked.map(({ id, title }) =>
                line(badge("Approval", "warn"), linkTo({ type: "approval", id }, title)))),
        h("p", { class: "links" },
            all(approvals, "#/approvals", "pending approval", "pending approvals"),
            all(alerts, "#/alerts", "open alert", "open alerts"),
            all(overdue, "#/invoices?status=overdue", "overdue invoice", "overdue invoices")),
    ];
}

function drawTeam({ data }) {
    const atWork = data.filter(isAtWork), others = data.length - atWork.length;
    return [
        atWork.length > 0 ? drawAgents(atWork) : quiet("No active agents."),
        others > 0 && h("p", { class: "links after" },
            h("a", { href: "#/agents" }, `${number(others)} inactive ${others === 1 ? "agent" : "agents"}`)),
    ];
}

function drawSetup({ data }) {
    const open = data.filter((item) => !item.done);
    if (!open.length) return [quiet("Setup is complete."), sampleSwitch()];
    const line = ({ key, title, reason, dismissible }) => h(
        "li", {}, h("a", { href: pages[key] ?? "#/settings" }, title), h("p", {}, reason),
        dismissible && h("button", { type: "button", class: "small", async onclick({ target }) {
            await call(`/v1/setup/${encodeURIComponent(key)}/dismiss`, { method: "POST" }).catch(() => {});
            target.closest("li").remove();
        } }, "Not for us", h("span", { class: "unseen" }, `: ${title}`)));
    return [
        quiet(`${data.length - open.length} of ${data.length} done`), sampleSwitch(),
        h("ul", { class: "setup" }, open.map(line)),
    ];
}

/** Where each step is done: at the very field. */
const agencyField = (name) => `#/settings/agency?field=${name}`;
const pages = {
    time_zone: agencyField("time_zone"), country: agencyField("country"), team: "#/settings/people",
    mail: "#/settings/integrations", postal_address: agencyField("postal_address"), sender: agencyField("sender"),
    unsubscribed: "#/settings/suppressions", leads: "#/import", outcomes: "#/leads?status=won",
};
