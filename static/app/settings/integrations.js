import { call, get, may, whoIsMe, withQuery } from "../api.js";
import { live } from "../stream.js";
import { announce, badge, doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { describing } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { connectables } from "./connect.js";
import { limitsForm, rotationForm } from "./integrationforms.js";
import { integration } from "./integration.js";
import { calls, credentialFacts, drawQuota, drawUse } from "./integrationuse.js";

/** The agency's integrations: whether they work, their use, their cost and their limits. */
export function integrations({ id, query, signal }) {
    if (id && id !== "new") return integration({ id, query, signal });
    const list = pending(() => get(withQuery("/v1/integrations", { sort: "priority", limit: 200 }), signal),
        ({ data }) => (data.length ? data.map((one) => drawCard(one, partsOf(one), reload, signal)) : nothing()),
        { signal });
    // Costs are the whole agency's.
    const costs = !whoIsMe()?.client
        && pending(() => get("/v1/costs/summary", signal), drawCosts, { signal, interval: 10_000 });
    const reload = () => list.reload();
    // The result of a test stays while its integration, which changes by it, is drawn anew.
    const parts = new Map();
    const partsOf = ({ id: own }) => {
        if (!parts.has(own)) parts.set(own, { place: h("div", { class: "notices" }), panel: h("div") });
        return parts.get(own);
    };
    live("integration.*", () => {
        if (costs) costs.reload();
        // The keyboard stays in what somebody is typing.
        if (!list.querySelector("form")) reload();
    }, signal);
    return [
        h("div", { class: "columns" }, h("div", {}, list), costs && section(t("This month"), {}, costs)),
        may("integrations:write") && connectables(reload, signal, id === "new" && (query.field ?? "email_sending")),
    ];
}

const nothing = () => empty(t("No integrations yet."),
    {
        about: t("Email, chat, payment and calendar services appear here once connected, with their use and cost."),
        ways: may("integrations:write") && h("a", { href: "#/start?step=3" }, t("Connect an email service")),
    });

function drawCosts({ month: { spent, expected, fees, error }, by, proposals }) {
    const parts = [[t("Services"), by.integrations], [t("Models"), by.models]].map(([name, list]) =>
        [name, list.length > 0 && calls(list.reduce((sum, one) => sum + one.calls, 0))]);
    return [
        facts([
            [t("Spent"), money(spent)],
            [t("Forecast"), [money(expected), error > 0 && ` (±${percent(error)})`]],
            [t("Plan fees"), fees.amount > 0 && money(fees)],
            ...parts,
        ]),
        ...proposals.map(({ title, saves, consequence }) => h("article", { class: "notice" },
            h("h3", {}, title),
            h("p", {}, saves.amount > 0 && [t("Saves about {amount} a month.", { amount: money(saves) }), " "],
                consequence))),
        quiet(t("Forecast from weekday patterns, recent days, recent growth and last year's season.")),
    ];
}

export const nameOf = (one) => one.name ?? words(one.provider);

/** Tells a service's state, in a word or two. */
export const stateOf = ({ capability, status, circuit, environment }) => [
    badge(words(capability)), statusBadge(status),
    circuit?.state === "open" && badge(t("Paused after failures"), "bad"),
    circuit?.state === "half_open" && badge(t("Retrying"), "warn"),
    environment === "test" && badge(t("Test mode: nothing is sent"), "warn"),
];

function drawCard(one, { place, panel }, reload, signal) {
    const at = `/v1/integrations/${encodeURIComponent(one.id)}`, name = nameOf(one);
    const use = pending(() => get(`${at}/use`, signal), drawUse, { signal });
    return h("article", { class: "card" },
        h("h2", { id: `integration-${one.id}` },
            h("a", { href: `#/settings/integrations/${encodeURIComponent(one.id)}` }, name)),
        h("p", { class: "badges" }, stateOf(one)),
        one.error && h("p", {}, one.error),
        one.circuit.retry_at && quiet(pieces("Next attempt {when}", { when: ago(one.circuit.retry_at) })),
        facts([
            [t("Last tested"), one.checked_at && ago(one.checked_at)],
            [t("Priority"), number(one.priority)],
            [t("Price per 1,000 calls"), one.price && money(one.price)],
            [t("Plan"), one.plan && [one.plan.name, one.plan.fee && [", ",
                t("{fee} per month", { fee: money(one.plan.fee) })]]],
            ...credentialFacts(one),
        ]),
        use, one.quota.map((quota) => drawQuota(quota, name)),
        may("integrations:write") && cardActions(one, { at, place, panel, reload }), panel, place);
}

function cardActions(one, { at, place, panel, reload }) {
    const described = `integration-${one.id}`;
    const opener = (label, make) => h("button", { type: "button", ...describing(described), onclick() {
        fill(panel, make());
        panel.querySelector("input")?.focus();
    } }, label);
    const done = async (told) => {
        announce(told);
        fill(panel);
        await reload();
    };
    return h("div", { class: "actions" }, tester(at, { place, panel, described }),
        opener(t("Set limits"), () => limitsForm(one, at, done)),
        one.has_credentials.length > 0 && opener(t("Change credentials"), () => rotationForm(one, at, done)));
}

/** Asks the service whether its credentials are good, and says what came back. */
export const tester = (at, { place, panel, described }) => doing(t("Test"), async () => {
    const { ok, code, detail, recommended_action: action } = await (await call(`${at}/test`,
        { method: "POST" })).json();
    const said = !ok ? t("Not working") : code ? t("Works, with a warning") : t("Works");
    announce(said);
    fill(panel, h("div", { class: `notice ${ok && !code ? "good" : "bad"}` },
        h("p", {}, h("strong", {}, said)), h("p", {}, detail, " ", action)));
}, { place, ...describing(described) });
