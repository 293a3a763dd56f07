import { get, may, withQuery } from "../api.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { menuButton } from "../../ui/menu.js";
import { money } from "../../ui/money.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago, day } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";
import { askToSend, paperWays, sendLabel } from "./papers.js";

/** The papers of a deal: proposals, the contract, and the invoices of the client that came of it. */
export function dealPapers(deal, tools) {
    const { id, client_id } = deal;
    return [
        part("proposals", t("Proposals"), t("No proposals yet."), { deal_id: id }, tools),
        part("contracts", t("Contracts"), t("No contract yet: it is made from an accepted proposal."),
            { deal_id: id }, tools),
        client_id && part("invoices", t("Invoices"), t("No invoices yet."), { client_id }, tools),
    ];
}

/** A button that makes a paper, which begins with what is known here. */
export function paperMaker(plural, label, given, { reload }, className) {
    if (!may(`${plural}:write`)) return null;
    const run = async () => askNew(await kindOf(plural), { given, onSaved: reload });
    return h("button", { type: "button", class: className, onclick: run }, label);
}

function part(plural, title, nothing, narrow, { signal, follow }) {
    if (!may(`${plural}:read`)) return null;
    const load = async () => ({
        kind: await kindOf(plural), found: await get(withQuery(`/v1/${plural}`, { ...narrow, limit: 20 }), signal),
    });
    const place = pending(load, ({ kind, found }) => (found.data.length === 0 ? quiet(nothing)
        : h("ul", { class: "papers" }, found.data.map((one) => drawLine(kind, one, place.reload)))), { signal });
    follow(place.reload);
    return section(title, {}, place);
}

function drawLine(kind, one, reload) {
    const name = one.number ?? one.title ?? one.client_name ?? t("Draft");
    const amount = one.total ?? one.price;
    return h("li", {},
        h("p", { class: "badges" },
            h("a", { href: `#/${kind.plural}/${encodeURIComponent(one.id)}`, dir: "auto" }, name),
            statusBadge(one.status), amount && money(amount)),
        h("p", { class: "quiet" }, becameOf(one)),
        h("div", { class: "actions" },
            one.status === "draft" && kind.mayWrite && h("button", { type: "button", class: "small",
                onclick: () => askToSend(kind, one, reload) }, sendLabel(kind)),
            menuButton(t("View"), () => paperWays(one, kind),
                { class: "small", ...spokenAs(pair(t("View"), name)) })));
}

/** The last thing that happened to it. */
function becameOf(one) {
    if (one.paid_at) return pieces("Paid {when}.", { when: ago(one.paid_at) });
    if (one.signed_at) return pieces("Signed {when}.", { when: ago(one.signed_at) });
    if (one.accepted_at) return pieces("Accepted {when}.", { when: ago(one.accepted_at) });
    if (one.declined_at) return pieces("Declined {when}.", { when: ago(one.declined_at) });
    if (one.expired_at) return pieces("Expired {when}.", { when: ago(one.expired_at) });
    if (one.due?.amount > 0 && one.due_on && one.status !== "draft") {
        return t("{amount} due on {day}.", { amount: money(one.due), day: day(one.due_on) });
    }
    if (one.viewed_at) return pieces("Opened {when}.", { when: ago(one.viewed_at) });
    if (one.sent_at) return pieces("Sent {when}.", { when: ago(one.sent_at) });
    return pieces("Drafted {when}.", { when: ago(one.created_at) });
}
