import { keepInAddress } from "../address.js";
import { get, may, withQuery } from "../api.js";
import { accessToken } from "../session.js";
import { send } from "../http.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { statusBadge } from "../../ui/status.js";
import { cell, table } from "../../ui/table.js";
import { ago, instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { tokenFor } from "./actions.js";

/* Compares the history of a sandbox since its clock began with the agency or another sandbox. */

const readWith = async (token, path, signal) =>
    (await send(path, { signal, headers: { Authorization: `Bearer ${token}` } })).json();

const counted = async (token, path, query, signal) =>
    (await readWith(token, withQuery(path, { ...query, limit: 1, fields: "id", total: "true" }), signal)).total ?? null;

/** The figures of one side; one that its reader may not see is null. */
async function figuresOf(token, since, signal) {
    const made = { "created_at[gte]": since }, lax = (asked) => asked.catch(() => null);
    const [sent, held, decisions, runs, failed, asked, refused, costs] = await Promise.all([
        lax(counted(token, "/v1/messages", { ...made, direction: "outbound", status: "sent,delivered" }, signal)),
        lax(counted(token, "/v1/messages", { ...made, direction: "outbound", status: "held" }, signal)),
        lax(counted(token, "/v1/decisions", made, signal)), lax(counted(token, "/v1/agent-runs", made, signal)),
        lax(counted(token, "/v1/agent-runs", { ...made, status: "failed" }, signal)),
        lax(counted(token, "/v1/approvals", made, signal)), lax(counted(token, "/v1/refusals", made, signal)),
        lax(readWith(token, "/v1/costs/summary", signal)),
    ]);
    return { sent, held, decisions, runs, failed, asked, refused, spent: costs?.month?.spent ?? null };
}

const lines = () => [
    ["sent", t("Messages that would have been sent")], ["held", t("Messages held")], ["runs", t("Agent runs")],
    ["failed", t("Failed runs")], ["decisions", t("Decisions")], ["asked", t("Approvals asked for")],
    ["refused", t("Refused actions")], ["spent", t("Spent this month")],
];

export function comparison(one, { query, signal }) {
    let other = query.other ?? "live";
    const load = async () => {
        const { data } = await get("/v1/sandboxes?limit=100", signal);
        const others = data.filter(({ id }) => id !== one.id);
        // The address may name one that is no more.
        if (!others.some(({ id }) => id === other)) other = "live";
        const mine = await tokenFor(one);
        const theirs = other === "live" ? await accessToken() : await tokenFor({ id: other });
        const [own, against, messages] = await Promise.all([
            figuresOf(mine, one.start_at, signal), figuresOf(theirs, one.start_at, signal),
            readWith(mine, withQuery("/v1/messages", { direction: "outbound", sort: "-created_at", limit: 15,
                "created_at[gte]": one.start_at }), signal).catch(() => ({ data: [] })),
        ]);
        const contacts = await namesOf(mine, messages.data, signal);
        return { others, own, against, messages: messages.data, contacts };
    };
    const place = pending(load, (found) => [drawFigures(found), drawMessages(found)], { signal });
    const drawFigures = ({ others, own, against }) => {
        const options = [["live", t("The agency itself")], ...others.map(({ id, name }) => [id, name])];
        const choice = field(t("Compare with"), "other", { control: "select", value: other, options });
        choice.addEventListener("change", ({ target }) => {
            other = target.value;
            keepInAddress({ other });
            place.reload();
        });
        const title = options.find(([code]) => code === other)?.[1];
        return section(t("What has happened since its clock began"), {}, choice, table(t("Comparison"),
            [t("Figure"), right(one.name), right(title), right(t("Difference"))], lines().map((line) =>
                drawLine(line, own, against, [one.name, title])), "stacked"),
        quiet(t("Both since {time}. Nothing of it has left the sandbox.", { time: instantIn(one.start_at) })));
    };
    return place;
}

const right = (text) => ({ text, class: "figure" });

function drawLine([name, label], own, against, [first, second]) {
    const shown = (value) => (value === null ? "–" : typeof value === "number" ? number(value) : money(value));
    const size = (value) => (value === null ? null : typeof value === "number" ? value : value.amount);
    const difference = size(own[name]) === null || size(against[name]) === null ? null
        : size(own[name]) - size(against[name]);
    const told = difference === null ? "–" : own[name]?.currency
        ? money({ amount: difference, currency: own[name].currency }) : number(difference);
    return h("tr", {}, h("th", { scope: "row" }, label),
        cell(first, shown(own[name])),
        cell(second, shown(against[name])),
        cell(t("Difference"), difference > 0 ? `+${told}` : told));
}

/** Returns the recipients of messages; the sandbox has its own records, which have to be asked for there. */
async function namesOf(token, messages, signal) {
    const ids = [...new Set(messages.map(({ contact_id: id }) => id).filter(Boolean))];
    const found = await Promise.all(ids.map((id) => readWith(token, `/v1/contacts/${encodeURIComponent(id)}`, signal)
        .then(({ name }) => [id, name], () => [id, null])));
    return new Map(found);
}

function drawMessages({ messages, contacts }) {
    if (!may("messages:read")) return null;
    if (!messages.length) return section(t("What would have been sent"), {}, quiet(t("Nothing yet.")));
    return section(t("What would have been sent"), {}, h("ul", { class: "papers" }, messages.map((one) => h("li", {},
        h("p", {}, h("strong", { dir: "auto" }, one.subject ?? words(one.channel)), " ", statusBadge(one.status)),
        quiet([contacts.get(one.contact_id), words(one.channel)].filter(Boolean).join(", "), ", ", ago(one.created_at)),
        one.text && h("p", { dir: "auto" }, one.text.replaceAll(/\s+/g, " ").slice(0, 160), one.text.length > 160
            && "…")))));
}
