import { call, may } from "../api.js";
import { alarm } from "../../ui/alarm.js";
import { badge, whyNot } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/* Whether mail to a record's address arrives. */

const tones = { deliverable: "good", undeliverable: "bad", risky: "warn" };

const said = (status) => ({
    deliverable: t("Mail arrives"), undeliverable: t("Mail would bounce"), risky: t("Mail may bounce"),
    unknown: t("Mail may arrive"),
})[status] ?? status;

export const emailStatus = (status) => badge(said(status), tones[status] ?? "");

/** Checks the address now, by the services that are connected. */
async function check({ email }, { reload }) {
    try {
        const answer = await call("/v1/email-checks", { method: "POST", body: { email, refresh: true } });
        const { deliverability, suggestion } = await answer.json();
        toast(suggestion ? t("{result}. Is {address} meant?", { result: said(deliverability), address: suggestion })
            : said(deliverability));
        await reload();
    } catch (problem) {
        alarm(t("Not checked: {why}", { why: whyNot(problem) }));
    }
}

/** The additions to the page of a record that has an address. */
export default {
    menu: (record, tools) => [
        record.email && may("email_checks:write")
            && { text: t("Check the email address"), run: () => check(record, tools) },
    ],
};
