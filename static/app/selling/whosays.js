import { call, get, may, withQuery } from "../api.js";
import { dialog } from "../../ui/dialog.js";
import { badge, doing, h, pending, quiet, section } from "../../ui/dom.js";
import { field as labelled } from "../../ui/field.js";
import { percent, words } from "../../ui/format.js";
import { outside } from "../../ui/link.js";
import { money } from "../../ui/money.js";
import { tone } from "../../ui/status.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Shows who says what a record's fields hold, and a person's word on that. */

const tones = { current: "good", alternative: "", disputed: "warn", rejected: "bad", expired: "warn" };

const said = (status) => ({
    current: t("Shown"), alternative: t("Alternative"), disputed: t("Contradicted"), rejected: t("Rejected"),
    expired: t("Out of date"),
})[status] ?? words(status);

const whose = (kind) => ({
    person: t("entered by a person"), file: t("from a file"), website: t("the company's website"),
    directory: t("a directory"), register: t("a register"), feed: t("a feed"),
    provider: t("a service"), crm: t("a connected system"), model: t("an estimate by Bureau"),
})[kind] ?? words(kind);

/** A value in words, whatever its kind. */
function shown(value) {
    if (value === null || value === undefined) return "–";
    if (Array.isArray(value)) return value.map(shown).join(", ");
    if (typeof value !== "object") return String(value);
    if ("amount" in value && "currency" in value) return money(value);
    if (value.from && value.to) {
        const range = `${shown(value.from)} – ${shown(value.to)}`;
        return value.reasoning ? `${range} (${value.reasoning})` : range;
    }
    return Object.values(value).filter((part) => part !== null && typeof part !== "object").join(", ");
}

export const leadPart = { tabs: (record, tools) => tab("leads", record, tools) };
export const companyPart = { tabs: (record, tools) => tab("companies", record, tools) };

const tab = (plural, record, tools) =>
    [{ name: "facts", text: t("Who says so?"), draw: () => list(plural, record, tools) }];

function list(plural, { id }, { signal, reload, follow }) {
    const path = withQuery(`/v1/${plural}/${encodeURIComponent(id)}/facts`, { limit: 200 });
    const place = pending(() => get(path, signal), ({ data }) => {
        if (!data.length) return quiet(t("Nothing is known yet."));
        const again = async () => {
            await place.reload();
            await reload();
        };
        return [...Map.groupBy(data, ({ field }) => field)].map(([field, facts]) =>
            section(words(field), {}, h("ul", { class: "facts-of-field" }, facts.map((fact) => one(fact, again)))));
    }, { signal });
    follow(place.reload);
    return place;
}

function one(fact, again) {
    const { source, evidence, status, value, cost } = fact;
    const notice = h("div", { class: "notices" });
    const address = evidence?.url ?? source.url;
    const name = source.name && source.name !== source.kind ? source.name : null;
    return h("li", {},
        h("p", {}, h("strong", { dir: "auto" }, shown(value)), " ", badge(said(status), tones[status] ?? tone(status))),
        quiet(whose(source.kind), name && `: ${name}`, " · ", ago(fact.observed_at),
            " · ", t("{share} sure", { share: percent(fact.confidence) }),
            cost?.amount > 0 && ` · ${money(cost)}`),
        evidence?.quote && h("blockquote", { dir: "auto" }, evidence.quote),
        address && /^https?:/.test(address) && h("p", {}, outside(address)),
        may("facts:write") && h("div", { class: "actions" },
            status !== "current" && doing(t("Use this value"), async () => {
                await call(`/v1/facts/${encodeURIComponent(fact.id)}/accept`, { method: "POST" });
                toast(t("The record shows this value now"));
                await again();
            }, { place: notice, class: "small" }),
            status !== "rejected" && h("button", { type: "button", class: "small", onclick: () => askReject(fact, again) },
                t("Reject value"))),
        notice);
}

/** Asks why a value is wrong; the same value of the same source does not come back. */
function askReject(fact, again) {
    const notice = h("div", { class: "notices" });
    dialog({
        title: t("Reject value"),
        content: (close) => {
            const reason = labelled(t("Reason"), "reason", { required: true, maxlength: 500 });
            const save = doing(t("Reject value"), async () => {
                const body = { reason: reason.querySelector("[name=reason]").value };
                await call(`/v1/facts/${encodeURIComponent(fact.id)}/reject`, { method: "POST", body });
                close();
                toast(t("The value does not come back"));
                await again();
            }, { place: notice, class: "primary" });
            return [
                h("p", { dir: "auto" }, shown(fact.value)), reason, notice,
                h("div", { class: "actions end" },
                    h("button", { type: "button", onclick: () => close() }, t("Cancel")), save),
            ];
        },
    });
}
