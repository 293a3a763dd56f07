import { call, get } from "../api.js";
import { ask } from "../controls/controls.js";
import { eventTypes } from "../eventtypes.js";
import { paged, toTable } from "../paging.js";
import { drawValues } from "../values.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { badge, doing, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { tone } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { timeline } from "../../ui/timeline.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { shownOnce } from "./keys.js";
import { listPage, secretBox } from "./parts.js";

const path = (id) => `/v1/webhooks/${encodeURIComponent(id)}`;

export const webhooks = listPage("webhooks", () => ({
    label: t("New webhook"), about: t("Bureau tells another system what has happened, as it happens."),
    facts: ["events"],
    async open(kind, reload) {
        const data = await eventTypes();
        const { close } = ask({
            title: t("New webhook"), wide: true, fields: fields(data),
            async save({ values }) {
                const made = await (await call(kind.path, { method: "POST", body: values })).json();
                reload();
                return shownOnce(t("Signing secret"), made.secret, close);
            },
        });
    },
    actions: (hook, { reload, kind }) => kind.mayWrite && [
        h("button", { type: "button", class: "primary", onclick: () => test(hook, reload) }, t("Send test")),
        h("button", { type: "button", onclick: () => rotate(hook, reload) }, t("New signing secret")),
    ],
    lead: (hook) => [
        hook.disabled_reason && h("p", { class: "notice warn" }, hook.disabled_reason),
        hook.failing_since && h("p", { class: "notice warn" },
            pieces("Deliveries fail since {when}.", { when: ago(hook.failing_since) })),
        hook.previous_secret_expires_at && new Date(hook.previous_secret_expires_at) > new Date() && h("p",
            { class: "notice" }, pieces("The former secret signs beside the new one until {when}.",
                { when: ago(hook.previous_secret_expires_at) })),
    ],
    panels: (hook, { signal, reload, kind }) => [
        section(t("Events"), {}, h("ul", { class: "columns-list" }, hook.events.map((name) =>
            h("li", {}, eventTitle(name)))), kind.mayWrite && h("p", {}, h("button", { type: "button", class: "small",
            onclick: () => changeEvents(hook, reload) }, t("Change events")))),
        deliveries(hook, signal),
    ],
}));

/** "lead.*" stands for all of a kind. */
const eventTitle = (name) => (name === "*" ? t("Everything") : name.endsWith(".*")
    ? t("Everything about: {kind}", { kind: words(name.slice(0, -2)) }) : words(name));

const fields = (events, chosen = []) => [
    { name: "url", label: t("URL"), inputType: "url", required: true },
    { name: "description", label: t("Description"), help: t("What is behind the address.") },
    { name: "events", label: t("Events"), type: "ticks", options: [
        ...chosen.filter((name) => name.endsWith("*")).map((name) => [name, eventTitle(name)]),
        ...events.filter(({ stored }) => stored).map(({ name, description }) => [name, words(name), description]),
    ] },
];

async function changeEvents(hook, reload) {
    const data = await eventTypes();
    ask({
        title: t("Change events"), wide: true, told: t("Webhook saved"), onSaved: reload, values: hook,
        fields: fields(data, hook.events).slice(2),
        async save({ changed }) {
            await call(path(hook.id), { method: "PATCH", body: changed });
        },
    });
}

async function test(hook, reload) {
    try {
        await call(`${path(hook.id)}/test`, { method: "POST" });
        toast(t("A test is on its way"));
    } catch (problem) {
        alarm(t("Not sent: {why}", { why: whyNot(problem) }));
    }
    await reload();
}

async function rotate(hook, reload) {
    const isMeant = await confirm({
        title: t("Make a new signing secret?"), action: t("New signing secret"),
        text: t("For a day both secrets sign, so that the other system can be changed over."),
    });
    if (!isMeant) return;
    const made = await (await call(`${path(hook.id)}/rotate-secret`, { method: "POST",
        body: { overlap: "P1D" } })).json();
    const { close } = dialog({ title: t("The new secret"), onClose: reload,
        content: () => [secretBox(t("Signing secret"), made.secret), h("div", { class: "actions end" },
            h("button", { type: "button", onclick: () => close() }, t("Done")))] });
}

function deliveries({ id }, signal) {
    const first = `/v1/webhook-deliveries?webhook_id=${encodeURIComponent(id)}&sort=-created_at&limit=30`;
    const more = (cursor) => get(`${first}&cursor=${encodeURIComponent(cursor)}`, signal);
    let rounds = 0;
    const place = pending(() => get(first, signal), (page) => {
        // A test is delivered within seconds: looked for as long.
        const isOpen = page.data.some(({ status }) => ["pending", "queued", "sending", "retrying"].includes(status));
        if ((isOpen || page.data.length === 0) && ++rounds < 12) setTimeout(() => signal.aborted || place.reload(),
            900);
        if (page.data.length === 0) return quiet(t("Nothing has been delivered yet."));
        const list = table(t("Deliveries"), [t("Event"), t("Result"), t("When"), ""], page.data.map(row), "stacked");
        return [list, paged(page, more, toTable(list, row))];
    }, { signal });
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, words(one.event_type), one.test && [" ", badge(t("Test"))]),
        h("td", { "data-label": t("Result") }, badge([words(one.status), one.status_code].filter(Boolean).join(", "),
            tone(one.status)), one.error && h("span", { class: "evidence" }, words(one.error))),
        h("td", {}, ago(one.created_at)),
        h("td", {}, h("button", { type: "button", class: "small", ...spokenAs(t("Show {event}",
            { event: words(one.event_type) })), onclick: () => showDelivery(one, place.reload) }, t("Show"))));
    return section(t("Deliveries"), {}, place);
}

/** Shows what was sent and what came back, attempt by attempt; and sends it once more. */
function showDelivery({ id, event_type: type }, reload) {
    const at = `/v1/webhook-deliveries/${encodeURIComponent(id)}`, trouble = h("div");
    const body = pending(() => get(at), (one) => [
        h("h3", {}, t("Attempts")),
        one.attempts.length === 0 ? quiet(t("Not tried yet.")) : timeline(one.attempts.map((attempt) => ({
            what: [attempt.status_code, attempt.error && words(attempt.error), attempt.detail,
                t("{number} ms", { number: number(attempt.duration_ms) })].filter(Boolean).join(", "), at: attempt.at,
            more: attempt.response_excerpt
                && h("pre", { class: "excerpt of", tabindex: 0 }, attempt.response_excerpt),
        }))),
        h("h3", {}, t("What was sent")), drawValues(one.payload),
        h("p", {}, h("button", { type: "button", class: "small", async onclick({ target }) {
            await navigator.clipboard?.writeText(JSON.stringify(one.payload, null, 2));
            fill(target, t("Copied"));
        } }, t("Copy as JSON"))),
        h("div", { class: "actions end" }, doing(t("Redeliver"), async () => {
            await call(`${at}/redeliver`, { method: "POST" });
            toast(t("Delivered again"));
            close();
            await reload();
        }, { place: trouble })), trouble,
    ]);
    const { close } = dialog({ title: words(type), wide: true, content: () => body });
}
