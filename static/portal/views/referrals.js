import { get, may } from "../../app/api.js";
import { kept, listPage, post } from "../parts.js";
import { announce, h, pending, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { money } from "../../ui/money.js";
import { ago, day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Whom the client has named to the agency, and what it gets for it: promised, credited, where it was used. */

const path = "/v1/portal/referrals";

export function referrals({ signal }) {
    const list = listPage(t("Recommendations"), path, {
        signal, none: t("You have not recommended anybody yet."), item: (one) => draw(one, signal),
    });
    const link = pending(() => get("/v1/portal/referral-link", signal), ({ url }) => [
        h("p", {}, h("a", { href: url }, url)),
        h("p", { class: "quiet" }, t("Anyone who opens it can leave their name and address.")),
    ], { signal });
    const naming = may("portal:write") && kept("referral", form(
        {
            action: t("Recommend"), isPrimary: false,
            async submit({ company, ...person }) {
                await post(path, { referred: { ...person, ...(company && { company }) } }, "referral");
                naming.reset();
                await list.reload();
                announce(t("Thank you. We have noted it."));
            },
        },
        field(t("Their name"), "name", { maxlength: 200 }),
        field(t("Their email address"), "email", { type: "email", maxlength: 320 }),
        field(t("Their company (optional)"), "company", { maxlength: 300 })));
    return {
        title: list.title,
        content: [
            list.content, naming && section(t("Recommend us"), {}, naming),
            section(t("Your own link"), {}, link),
        ],
    };
}

function draw({ id, referred, status, reward, rewarded_at, created_at }, signal) {
    return [
        h("h2", { dir: "auto" }, referred?.company || referred?.name),
        h("p", { class: "quiet" }, ago(created_at)),
        status === "won" && h("p", {}, t("Has become a client")),
        drawReward(reward, rewarded_at),
        reward.credit_id && pending(() => get(`${path}/${id}/credit`, signal), drawCredit, { signal }),
    ];
}

function drawReward({ status, amount }, granted) {
    if (!amount) return null;
    if (status === "pending") {
        return h("p", {}, t("{amount} are credited once they have paid a first invoice.", { amount: money(amount) }));
    }
    if (status === "none") return null;
    return [
        h("p", {}, t("{amount} were credited on {day}.", { amount: money(amount), day: day(granted) })),
        status === "revoked" && h("p", {}, t("The credit was taken back as far as it was unused.")),
    ];
}

function drawCredit({ rest, expires_on, expired, invoices }) {
    return [
        invoices.map((number) => h("p", {}, t("Used on invoice {number}.", { number }))),
        rest.amount > 0 && (expired
            ? h("p", {}, t("The rest of {amount} expired after {day}.", { amount: money(rest), day: day(expires_on) }))
            : drawRest(rest, expires_on)),
    ];
}

function drawRest(rest, end) {
    return [
        h("p", {}, t("Left for your next invoices: {amount}.", { amount: money(rest) })),
        end && h("p", { class: "quiet" }, t("Valid until {day}", { day: day(end) })),
    ];
}
