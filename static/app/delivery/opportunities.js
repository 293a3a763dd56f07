import { get, may, withQuery } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { naming } from "../records/naming.js";
import { nothingOnBoard } from "../records/nothing.js";
import { offerName } from "../records/successkinds.js";
import { told } from "../sentences.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { board, focusCard } from "../../ui/board.js";
import { badge, h, pending, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { money } from "../../ui/money.js";
import { openIn, titled } from "../../ui/state.js";
import { day } from "../../ui/when.js";
import { pair, plural, t } from "../../ui/words.js";

const columns = ["open", "offered", "won", "lost", "dismissed"];
const cardsMax = 50;
const pathOf = ({ id }) => `/v1/opportunities/${encodeURIComponent(id)}`;

/** The next steps with an opportunity: [{text, run}]. */
export const steps = (one, changed) => [
    one.status === "open" && { text: t("Offer"), run: () => askOffer(one, changed) },
    ["open", "offered"].includes(one.status)
        && { text: t("Dismiss opportunity"), run: () => askDismiss(one, changed) },
].filter(Boolean);

function askOffer(one, changed) {
    ask({
        title: t("Offer this?"), action: t("Draft proposal"),
        text: t("A proposal of its package is drafted for the client. You read it before you send it."),
        run: async () => {
            const made = await operate(`${pathOf(one)}/offer`, { version: one.version });
            await changed();
            return made;
        },
        said: ({ proposal_id }) => ({ text: t("Proposal drafted"), way: proposal_id && {
            text: t("Open"), href: `#/proposals/${encodeURIComponent(proposal_id)}` } }),
    });
}

function askDismiss(one, changed) {
    ask({
        title: t("Dismiss opportunity?"), action: t("Dismiss opportunity"), said: t("Opportunity dismissed"),
        text: t("Nothing of this kind is raised for the client within 90 days."),
        fields: [asked.long("reason", t("Reason"), { required: true })],
        run: (body) => operate(`${pathOf(one)}/dismiss`, { version: one.version, body }).then(changed),
    });
}

/** Opportunities by status: offered and dismissed with a pointer, by the menu of a card, and so by the keyboard. */
export function opportunityBoard({ signal }) {
    const read = (status) => get(withQuery("/v1/opportunities", {
        status, limit: cardsMax, total: "true", sort: ["open", "offered"].includes(status) ? "due_on" : "-id",
    }), signal);
    const load = async () => {
        const all = await Promise.all(columns.map(async (status) => ({ status, ...await read(status) })));
        const clients = new Set(all.flatMap(({ data }) => data.map(({ client_id }) => client_id)));
        const names = new Map(await Promise.all([...clients].map(async (id) =>
            [id, (await naming("clients", id))?.text])));
        const isEmpty = all.every(({ data }) => data.length === 0);
        return { all, names, nothing: await nothingOnBoard("opportunities", { isEmpty, signal }) };
    };
    const place = pending(load, ({ all, names, nothing }) => nothing
        ?? board(t("Opportunities by status"), all.map((one) => column(one, names, moved)), {
            move: may("opportunities:write") && bring,
        }), { signal });
    async function moved(id) {
        await place.reload();
        focusCard(place, id);
    }
    /** The rest follows what the client answers: the card goes back to where it was. */
    async function bring({ opportunity }, status) {
        await place.reload();
        const { id } = opportunity, changed = () => moved(id);
        if (status === "offered" && opportunity.status === "open") return askOffer(opportunity, changed);
        const isOpen = ["open", "offered"].includes(opportunity.status);
        if (status === "dismissed" && isOpen) return askDismiss(opportunity, changed);
        alarm(t("Not moved: it follows what the client answers to the proposal."));
    }
    const isAtWork = () => openIn(place) || document.querySelector("dialog[open]");
    live("opportunity.*", () => isAtWork() || place.reload(), signal);
    return place;
}

const column = ({ status, data, total }, names, moved) => ({
    name: status, title: words(status), of: total,
    foot: total > data.length && quiet(plural(total - data.length, "{count} more", "{count} more")),
    items: data.map((opportunity) => {
        const { id, client_id } = opportunity, client = names.get(client_id);
        const name = client ? pair(offerName(opportunity), client) : offerName(opportunity);
        return { id, name, column: status, opportunity, element: card(opportunity, name, () => moved(id)) };
    }),
});

function card(one, name, moved) {
    const { id, value, due_on, reason, dismiss_reason } = one, ways = steps(one, moved);
    return h("article", { class: "deal", ...titled(`card-${id}`) },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/opportunities/${encodeURIComponent(id)}`, draggable: "false",
            dir: "auto" }, name)),
        h("p", { class: "badges" }, value && badge(money(value)), due_on && ways.length > 0
            && badge(t("Due {day}", { day: day(due_on) }))),
        (dismiss_reason ?? reason) && h("p", { class: "quiet", dir: "auto" }, told(dismiss_reason ?? reason)),
        may("opportunities:write") && ways.length > 0 && menuButton([t("Move"), h("span", { class: "unseen" },
            ` ${name}`)], () => ways, { class: "small", "data-key": "m" }));
}
