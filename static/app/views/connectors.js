import { call, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, bar, doing, facts, fill, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, money, number, percent, tone, words } from "../format.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";
import { connectables } from "./connect.js";

const windows = ["minute", "hour", "day", "month"];

/** The agency's integrations: whether they work, their use, their cost and their limits. */
export function connectors({ signal }) {
    const list = pending(() => get(withQuery("/v1/integrations", { sort: "priority", limit: 200 }), signal),
        ({ data }) => (data.length ? data.map((one) => drawConnector(one, partsOf(one), reload, signal)) : nothing()),
        { signal });
    const costs = pending(() => get("/v1/costs/summary", signal), drawCosts, { signal, interval: 10_000 });
    const reload = () => list.reload();
    // What a test has told stays while its integration, which changes by it, is drawn anew.
    const parts = new Map();
    const partsOf = ({ id }) => {
        if (!parts.has(id)) parts.set(id, { place: h("div", { class: "notices" }), panel: h("div") });
        return parts.get(id);
    };
    live("integration.*", () => {
        costs.reload();
        // The keyboard stays in what somebody is typing.
        if (!list.querySelector("form")) reload();
    }, signal);
    return [
        may("integrations:write") && connectables(reload, signal),
        h("div", { class: "columns" }, h("div", {}, list), section("This month", {}, costs)),
    ];
}

const nothing = () => h("div", { class: "empty" },
    h("p", {}, "No integrations yet."),
    quiet("Email, chat, payment and calendar services appear here once connected, with their use and cost."));

// What it costs

function drawCosts({ month: { spent, expected, fees, error }, by, proposals }) {
    const parts = [["Services", by.integrations], ["Models", by.models]].map(([name, list]) =>
        [name, list.length > 0 && number(list.reduce((sum, { calls }) => sum + calls, 0)) + " calls"]);
    return [
        facts([
            ["Spent", money(spent)],
            ["Forecast", [money(expected), error > 0 && ` (±${percent(error)})`]],
            ["Plan fees", fees.amount > 0 && money(fees)],
            ...parts,
        ]),
        ...proposals.map(({ title, saves, consequence }) => h("article", { class: "notice" },
            h("h3", {}, title),
            h("p", {}, saves.amount > 0 && `Saves about ${money(saves)} per month. `, consequence))),
        quiet("Forecast from weekday patterns, recent days, recent growth and last year's season."),
    ];
}

// One service

function drawConnector(one, { place, panel }, reload, signal) {
    const { id, provider, capability, status, environment, circuit, error, priority, price, plan } = one;
    const name = one.name ?? words(provider), at = `/v1/integrations/${encodeURIComponent(id)}`;
    const use = pending(() => get(`${at}/use`, signal), drawUse, { signal });
    return h(
        "article", { class: "card" },
        h("h2", { id: `integration-${id}` }, name),
        h("p", { class: "badges" },
            badge(words(capability)), badge(words(status), tone(status)),
            circuit.state === "open" && badge("Paused after failures", "bad"),
            circuit.state === "half_open" && badge("Retrying", "warn"),
            environment === "test" && badge("Test mode: nothing is sent", "warn")),
        error && h("p", {}, error),
        circuit.retry_at && quiet("Next attempt ", ago(circuit.retry_at)),
        facts([
            ["Last tested", one.checked_at && ago(one.checked_at)],
            ["Priority", number(priority)],
            ["Price per 1,000 calls", price && money(price)],
            ["Plan", plan && [plan.name, plan.fee && `, ${money(plan.fee)} per month`]],
            ...credentialFacts(one),
        ]),
        use,
        one.quota.map((quota) => drawQuota(quota, name)),
        may("integrations:write") && actions(one, { name, at, place, panel, reload }), panel, place);
}

function credentialFacts({ credentials, credentials_expire_at, former_credentials_until }) {
    const used = credentials.filter(({ last_used_at }) => last_used_at)
        .sort((a, b) => b.last_used_at.localeCompare(a.last_used_at))[0];
    return [
        ["Credentials", credentials.length > 0 && credentials.map(({ name }) => words(name)).join(", ")],
        ["Expires", credentials_expire_at && ago(credentials_expire_at)],
        ["Old credentials valid until", former_credentials_until && ago(former_credentials_until)],
        ["Last used", used && ago(used.last_used_at)],
    ];
}

function drawUse({ days, month, trend, by }) {
    // The agency's day; "en-CA" writes it as the API does.
    const now = new Intl.DateTimeFormat("en-CA", { timeZone: tenant().time_zone ?? "UTC" }).format(new Date());
    const today = days.find(({ date }) => date === now);
    const line = ({ calls, failures, cost }) => [
        `${number(calls)} ${calls === 1 ? "call" : "calls"}`, failures > 0 && `, ${number(failures)} failed`,
        cost.amount > 0 && `, ${money(cost)}`,
    ];
    const agents = by.agents.flatMap(({ id, calls }, index) =>
        [index > 0 && ", ", linkTo({ type: "agent", id }), ` ${number(calls)}`]);
    const expected = [
        `${number(month.expected_calls)} calls`, month.expected_cost.amount > 0 && `, ${money(month.expected_cost)}`,
        month.error > 0 && ` (±${percent(month.error)})`,
    ];
    return facts([
        ["Today", today ? line(today) : "No calls"],
        ["Response time", today && `${number(today.average_ms)} ms`],
        ["This month", line(month)],
        ["Included calls left", month.included_left !== null && number(month.included_left)],
        ["Forecast", expected],
        ["Trend", trend.calls !== null
            && `${trend.calls > 0 ? "+" : ""}${percent(trend.calls)} calls over the week before`],
        ["Used by", agents.length > 0 && agents],
    ]);
}

function drawQuota({ per, limit, used, left, resets_at, source }, name) {
    if (!limit) return null;
    const share = Math.min(1, (used ?? limit - (left ?? limit)) / limit);
    const whose = source === "service" ? "Provider limit" : "Your limit";
    const label = per ? `${whose} per ${per}` : whose;
    const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
    return [
        h("div", { class: "meter", role: "meter", "aria-label": `${label}: ${name}`, "aria-valuemin": 0,
            "aria-valuemax": 100, "aria-valuenow": Math.round(share * 100),
            "aria-valuetext": `${percent(share)} used` },
        bar(share, { tone: level })),
        h("p", {}, `${label}: ${number(Math.max(0, left ?? limit - used))} of ${number(limit)} left`,
            resets_at && [", resets ", ago(resets_at)]),
    ];
}

// What can be done about it

function actions(one, { name, at, place, panel, reload }) {
    const described = `integration-${one.id}`;
    const opener = (label, make) => h("button", { type: "button", "aria-describedby": described, onclick() {
        fill(panel, make());
        panel.querySelector("input")?.focus();
    } }, label);
    const done = async (told) => {
        announce(told);
        fill(panel);
        await reload();
    };
    const test = doing("Test", async () => {
        const { ok, code, detail, recommended_action } = await (await call(`${at}/test`, { method: "POST" })).json();
        const said = !ok ? "Not working" : code ? "Works, with a warning" : "Works";
        announce(said);
        fill(panel, h("div", { class: `notice ${ok && !code ? "good" : "bad"}` },
            h("p", {}, h("strong", {}, said)), h("p", {}, detail, " ", recommended_action)));
    }, { place, "aria-describedby": described });
    return h("div", { class: "actions" }, test, opener("Set limits", () => limitsForm(one, at, done)),
        one.has_credentials.length > 0 && opener("Change credentials", () => rotationForm(one, at, done)));
}

function limitsForm({ limits }, at, done) {
    return form(
        {
            action: "Save",
            async submit(entered) {
                const read = windows.map((per) => [per, readCount(per, entered[per])]);
                // Without If-Match: every test of the service changes the version, and nobody's limits.
                await call(at, { method: "PATCH", body: { limits: Object.fromEntries(read) } });
                await done("Saved");
            },
        },
        quiet("Calls beyond a limit wait, or go to another integration. Leave empty for no limit."),
        windows.map((per) => field(`Calls per ${per}`, per, { inputmode: "numeric", value: limits?.[per] ?? "" })));
}

function readCount(per, text) {
    if (text.trim() === "") return null;
    const value = Number(text.trim());
    if (Number.isInteger(value) && value >= 0) return value;
    const detail = "Enter a whole number of 0 or more.";
    throw { title: "Not saved.", detail, errors: [{ pointer: `/${per}`, detail }] };
}

function rotationForm({ has_credentials }, at, done) {
    const overlaps = [["PT1H", "1 hour"], ["P1D", "1 day"], ["P7D", "7 days"], ["PT0S", "Not at all"]];
    return form(
        {
            action: "Save",
            async submit({ overlap, ...entered }) {
                const credentials = Object.fromEntries(Object.entries(entered).filter(([, value]) => value));
                await call(`${at}/rotate`, { method: "POST", body: { credentials, overlap } });
                await done("Credentials changed");
            },
        },
        has_credentials.map((name) => field(words(name), name, {
            type: "password", autocomplete: "off", hint: "Leave empty to keep the current value.",
        })),
        field("Keep old credentials valid for", "overlap", { control: "select", value: "PT1H", options: overlaps }));
}
