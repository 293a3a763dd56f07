import { h, quiet } from "../dom.js";
import { agency, you } from "../first/agency.js";
import { agents } from "../first/agents.js";
import { leads } from "../first/leads.js";
import { mail } from "../first/mail.js";
import { t } from "../words.js";

/** The first start in five steps, each of which can be skipped; the address says which one it is. */
const steps = () => [
    [t("Agency"), t("What every email and invoice has to say."), agency],
    [t("You"), t("Recipients see this name and reply to this address."), you],
    [t("Mail"), t("Without a mail service nothing is sent."), mail],
    [t("Leads"), t("Agents have nothing to work on until there are leads."), leads],
    [t("Agents"), t("You decide how far each one may go, and can change it at any time."), agents],
];

const addressOf = (step) => `#/start?step=${step}`;

export function start({ query, signal }) {
    const all = steps(), at = Math.min(all.length, Math.max(1, Number(query.step) || 1));
    const [title, why, draw] = all[at - 1];
    const next = () => (location.hash = at === all.length ? "#/" : addressOf(at + 1));
    const skip = h("button", { type: "button", onclick: next }, t("Skip"));
    const count = t("Step {at} of {count}", { at, count: all.length });
    return {
        title: `${title}, ${count}`,
        content: h("div", { class: "card narrow first-start" },
            h("ol", { class: "first-steps", "aria-label": t("First start") }, all.map(([text], index) => h("li", {
                "aria-current": index === at - 1 && "step", class: index < at - 1 && "done",
            }, h("a", { href: addressOf(index + 1) }, text)))),
            quiet(count), h("h1", {}, title), h("p", {}, why), draw({ next, skip, signal }),
            h("p", { class: "links after" }, at > 1 && h("a", { href: addressOf(at - 1) }, t("Back")),
                h("a", { href: "#/" }, t("Finish later")))),
    };
}
