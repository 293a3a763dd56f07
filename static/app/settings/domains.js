import { call } from "../api.js";
import { badge, doing, fill, h, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { listPage } from "./parts.js";

export const sendingDomains = listPage("sending-domains", () => ({
    about: t("Emails from your own domain need three records where the domain is managed."), hasOwnDetails: true,
    actions: (one, tools) => {
        const trouble = h("div");
        return tools.kind.mayWrite && [doing(t("Check records"), async () => {
            await call(`${tools.kind.path}/${encodeURIComponent(one.id)}/check`, { method: "POST" });
            toast(t("Records checked"));
            await tools.reload();
        }, { place: trouble, class: "primary" }), trouble];
    },
    panels: (one) => [state(one), section(t("Records to publish"), {},
        quiet(t("Add them where the domain's DNS is managed. A change can take some hours to be seen everywhere.")),
        one.records?.map((record) => drawRecord(record, one.checks?.[record.purpose])))],
}));

const states = () => ({
    ok: [t("In place"), "good"], missing: [t("Missing"), "bad"], wrong: [t("Differs"), "bad"],
    weak: [t("Could be stricter"), "warn"], unreachable: [t("Could not be asked"), "warn"],
});

function state(one) {
    const { reputation, daily_limit: limit, sent_today: sent } = one;
    const toned = { verified: "good", failing: "bad", unverified: "warn" }[one.status];
    return section(t("Status"), {},
        h("p", { class: "badges" }, badge(words(one.status), toned),
            one.health !== "ok" && badge(words(one.health), "bad"), one.warming_up && badge(t("Warming up"))),
        one.health_reason && h("p", {}, one.health_reason),
        facts([
            [t("Checked"), one.checked_at ? ago(one.checked_at) : t("Not yet")],
            [t("Sent today"), limit !== undefined && t("{sent} of {limit}", { sent: number(sent),
                limit: number(limit) })],
            [t("Sent in 30 days"), reputation && number(reputation.sent)],
            [t("Bounced"), reputation && percent(reputation.bounce_rate)],
            [t("Complaints"), reputation && percent(reputation.complaint_rate)],
        ]));
}

const titles = () => ({
    spf: t("Who may send (SPF)"), dkim: t("Signature (DKIM)"), dmarc: t("What becomes of forgeries (DMARC)"),
});

function drawRecord({ purpose, type, name, value }, check) {
    const [said, toned] = states()[check?.state] ?? [check ? words(check.state) : t("Not checked yet"), ""];
    return h("article", { class: "dns-record" },
        h("h3", {}, titles()[purpose] ?? words(purpose), " ", badge(said, toned)),
        check?.explanation && check.state !== "ok" && h("p", {}, check.explanation),
        h("dl", { class: "facts" },
            h("div", {}, h("dt", {}, t("Kind")), h("dd", {}, type)), copied(t("Name"), name), copied(t("Value"),
                value)),
        check?.found?.length > 0 && check.state !== "ok" && h("p", { class: "quiet" },
            t("Found now: {records}", { records: check.found.join(" | ") })));
}

function copied(label, value) {
    const button = h("button", { type: "button", class: "small", ...spokenAs(t("Copy {what}", { what: label })),
        async onclick() {
            await navigator.clipboard?.writeText(value);
            fill(button, t("Copied"));
        } }, t("Copy"));
    return h("div", {}, h("dt", {}, label), h("dd", { class: "copied" }, h("code", {}, value), button));
}
