import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { money } from "../../ui/money.js";
import { statusBadge } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { consent, hookBox, providerFields, subscribe } from "./connect.js";
import { limitsForm, rotationForm } from "./integrationforms.js";
import { nameOf, stateOf, tester } from "./integrations.js";
import { credentialFacts, drawQuota, drawUse } from "./integrationuse.js";
import { price } from "./integrationprice.js";
import { secretBox } from "./parts.js";
import { labelOf, offersConsent, placeOf, titleOf } from "./providers.js";

/** One service: how it is, what is set, what it is used for, its calls and faults, and what can be done about it. */
export function integration({ id, signal }) {
    const at = `/v1/integrations/${encodeURIComponent(id)}`;
    const load = async () => {
        const [one, { data }] = await Promise.all([get(at, signal), get("/v1/integration-providers?limit=200",
            signal)]);
        return { one, provider: data.find(({ name }) => name === one.provider) };
    };
    const told = h("div");
    const place = pending(load, ({ one, provider }) => {
        document.title = `${nameOf(one)} – ${t("Integrations")} – Bureau`;
        const trouble = h("div", { class: "notices" });
        const tools = { at, reload: place.reload, provider, trouble, signal };
        return [
            h("p", { class: "links" }, h("a", { href: "#/settings/integrations" }, t("Integrations"))),
            h("div", { class: "heading" }, h("h2", {}, nameOf(one)), may("integrations:write")
                && h("div", { class: "actions" }, tester(at, { place: trouble, panel: told }),
                    h("button", { type: "button", onclick: () => edit(one, tools) }, t("Edit")), moreMenu(one, tools))),
            trouble, told,
            h("p", { class: "badges" }, stateOf(one)),
            one.error && h("p", { class: "notice bad" }, one.error),
            one.circuit.retry_at && quiet(pieces("Next attempt {when}", { when: ago(one.circuit.retry_at) })),
            h("div", { class: "columns even" }, h("div", {}, about(one, tools), connection(one, tools)),
                h("div", {}, useOf(one, tools), callsOf(one, tools))),
        ];
    }, { signal });
    return place;
}

function moreMenu(one, { at, reload, provider }) {
    const set = (body, said) => async () => {
        await call(at, { method: "PATCH", body }).then(() => toast(said), (problem) => alarm(whyNot(problem)));
        await reload();
    };
    return menuButton(t("More"), () => [
        { text: t("Price and plan"), run: () => price(one, { at, reload }) },
        provider?.has_hooks && { text: t("New webhook address"), run: () => newHookAddress({ at, reload }) },
        one.status === "disabled" ? { text: t("Switch on"), run: set({ status: "active" }, t("Switched on")) }
            : { text: t("Switch off"), run: set({ status: "disabled" }, t("Switched off")) },
        { text: t("Disconnect"), run: () => disconnect(one, at) },
    ]);
}

function about(one, { provider, at, reload }) {
    const settings = Object.entries(one.settings ?? {}).filter(([, value]) => value !== null
        && typeof value !== "object")
        .map(([name, value]) => [labelOf(name), value === true ? t("Yes") : value === false ? t("No") : String(value)]);
    const panel = h("div");
    const done = async (said) => {
        toast(said);
        fill(panel);
        await reload();
    };
    return section(t("Settings"), {},
        facts([
            ...settings, [t("Priority"), number(one.priority)],
            [t("Last tested"), one.checked_at && ago(one.checked_at)], ...credentialFacts(one),
            [t("Price per 1,000 calls"), one.price && money(one.price)],
            [t("New price"), one.price_change && [money(one.price_change.price), ", ", one.price_change.from]],
            [t("Plan"), one.plan && [one.plan.name, one.plan.fee && `, ${money(one.plan.fee)}`]],
        ]),
        provider && placeOf(provider) && quiet(t("Where to find it:"), " ", placeOf(provider)),
        may("integrations:write") && one.has_credentials.length > 0 && h("div", { class: "actions" },
            h("button", { type: "button", onclick: () => fill(panel, rotationForm(one, at, done)) },
                t("Change credentials"))),
        panel);
}

/** Shows the outside parts: the address for the service's events, the chat for a site, the owner's consent. */
function connection(one, { provider }) {
    const snippet = one.provider === "web_chat" && one.public_key
        && `<script src="${location.origin}/public/chat.js" data-key="${one.public_key}" defer></script>`;
    const wantsConsent = provider && offersConsent(provider) && may("integrations:write")
        && one.has_credentials.some((name) => name === "client_id" || name === "client_key");
    if (!one.hook_url && !snippet && !wantsConsent) return null;
    return section(t("Connection"), {},
        one.hook_url && [quiet(t("Give this address to the service, where it asks for a webhook.")), hookBox(one)],
        one.hook_url && provider?.can_subscribe && may("integrations:write") && subscribe(one),
        one.provider === "slack" && may("slack_users:read")
            && h("p", {}, h("a", { href: "#/settings/slack-users" }, t("People at Slack"))),
        snippet && [quiet(t("Put this line into your site's pages, and the chat appears there.")),
            secretBox(t("Line for your site"), snippet, { isSecret: false })],
        wantsConsent && [quiet(t("The account's owner has to agree once, at the service.")), consent(one)]);
}

function useOf(one, { at, reload, signal }) {
    const panel = h("div");
    const done = async (said) => {
        toast(said);
        fill(panel);
        await reload();
    };
    return section(t("Use and limits"), {}, pending(() => get(`${at}/use`, signal), drawUse, { signal }),
        one.quota.map((quota) => drawQuota(quota, nameOf(one))),
        may("integrations:write") && h("div", { class: "actions" }, h("button", { type: "button",
            onclick: () => fill(panel, limitsForm(one, at, done)) }, t("Set limits"))), panel);
}

function callsOf({ id }, { signal }) {
    if (!may("tools:read")) return null;
    const path = withQuery("/v1/tool-calls", { integration_id: id, limit: 20 });
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, words(one.tool), one.error && h("span", { class: "evidence fault" },
            whyNot(one.error) ?? words(one.error.code ?? "failed"))),
        h("td", {}, statusBadge(one.state)),
        h("td", { "data-label": t("For") }, one.agent ? linkTo({ type: "agent", id: one.agent }) : "–"),
        cell(t("Duration"), t("{number} ms",
            { number: number(Math.round(one.duration_ms ?? 0)) })),
        h("td", {}, ago(one.created_at)));
    const columns = [t("Call"), t("Result"), t("For"), figure(t("Duration")), t("When")];
    return section(t("Recent calls"), {}, pending(() => get(path, signal), ({ data }) => (data.length
        ? table(t("Recent calls"), columns, data.map(row), "stacked") : quiet(t("Not called in the last 30 days."))),
    { signal }));
}

function edit(one, { at, reload, provider }) {
    const { usual, rest } = providerFields(provider, { isChange: true });
    const own = [...usual, ...rest].map((each) => ({ ...each, default: undefined }));
    ask({
        title: t("Edit {service}", { service: titleOf(provider) }), told: t("Integration saved"), onSaved: reload,
        values: { ...one.settings, ...one, from: one.settings?.from }, strip: "/settings",
        fields: [
            { name: "name", label: t("Name"), help: t("To tell it from others of its kind.") }, ...own,
            { name: "priority", label: t("Priority"), type: "number", isWhole: true,
                help: t("Of several services for the same work the lowest number is asked first.") },
        ],
        more: [
            { name: "environment", label: t("Mode"), type: "choice", required: true,
                options: [["live", t("Live")], ["test", t("Test: nothing is sent")]] },
            { name: "pacing", label: t("Near a limit"), type: "choice", required: true, options: [
                ["spread", t("Spread calls over the time that is left")], ["burst", t("Call until it is reached")],
                ["bucket", t("Call evenly from the start")],
            ] },
            { name: "client_id", label: t("Only for client"), type: "record", refers: "clients" },
            { name: "credentials_expire_at", label: t("Credentials expire"), type: "instant" },
        ],
        async save({ changed }) {
            const named = new Set(own.map(({ name }) => name));
            const settings = Object.fromEntries(Object.entries(changed).filter(([name]) => named.has(name)));
            const rest = Object.fromEntries(Object.entries(changed).filter(([name]) => !named.has(name)));
            const body = { ...rest, ...(Object.keys(settings).length && { settings }) };
            if (Object.keys(body).length) await call(at, { method: "PATCH", body });
        },
    });
}

async function newHookAddress({ at, reload }) {
    const isMeant = await confirm({ title: t("Make a new webhook address?"), action: t("New webhook address"),
        text: t("The old address stops working. Give the new one to the service.") });
    if (!isMeant) return;
    await call(`${at}/rotate`, { method: "POST" }).then(() => toast(t("New webhook address made")),
        (problem) => alarm(whyNot(problem)));
    await reload();
}

async function disconnect(one, at) {
    const isMeant = await confirm({
        title: t("Disconnect {service}?", { service: nameOf(one) }), action: t("Disconnect"), isGrave: true,
        text: t("Nothing goes out or comes in through it any more. Its credentials are deleted here."),
    });
    if (!isMeant) return;
    try {
        await call(at, { method: "DELETE" });
        toast(t("Disconnected"));
        location.hash = "/settings/integrations";
    } catch (problem) {
        alarm(t("Not disconnected: {why}", { why: whyNot(problem) }));
    }
}
