import { call, get, withQuery } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { alarm } from "../../ui/alarm.js";
import { combobox } from "../../ui/combobox.js";
import { confirm } from "../../ui/dialog.js";
import { fill, h, quiet, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";

export const of = ({ id }) => `/v1/tickets/${encodeURIComponent(id)}`;
export const isOver = ({ status }) => status === "resolved" || status === "closed";
/** The tone of a priority, beside its word. */
export const urgency = (priority) => ({ urgent: "bad", high: "warn" })[priority] ?? "";

export const called = ({ number, subject }) => `#${number} ${subject}`;

/** A verb without more to say; what goes wrong is told. */
export async function act(ticket, verb, said, changed, body) {
    try {
        await operate(`${of(ticket)}/${verb}`, { body });
        toast(said);
    } catch (problem) {
        alarm(t("Not done. {why}", { why: whyNot(problem) }));
    }
    await changed();
}

const asking = (verb, title, label, name, said) => (ticket, changed) => ask({
    title, action: title, said, fields: [asked.long(name, label, { required: true })],
    async run(body) {
        await operate(`${of(ticket)}/${verb}`, { body });
        await changed();
    },
});

export const askResolve = (ticket, changed) =>
    asking("resolve", t("Resolve ticket"), t("Resolution"), "resolution", t("Ticket resolved"))(ticket, changed);
export const askEscalate = (ticket, changed) =>
    asking("escalate", t("Escalate ticket"), t("Reason"), "reason", t("Ticket escalated"))(ticket, changed);

let made = 0;

/** A search for another ticket than this one; `shown` is told what is chosen. */
function otherTicket(ticket, label, shown) {
    const id = `ticket-choice-${++made}`;
    const known = new Map();
    const search = async (said) => {
        const asked = { q: said.replace(/^#\d*\s*/, ""), limit: 12,
            fields: "id,number,subject,status,client_id,messages" };
        const byNumber = /^#?(\d+)$/.exec(said);
        const query = byNumber ? { number: byNumber[1], fields: asked.fields } : asked;
        const { data } = await get(withQuery("/v1/tickets", query));
        return data.filter((one) => one.id !== ticket.id && one.status !== "closed").map((one) => {
            known.set(one.id, one);
            return { id: one.id, text: called(one) };
        });
    };
    const box = combobox({ id, name: "other", describedBy: `${id}-error`, search, required: true,
        onPick: (item) => shown?.(known.get(item?.id)) });
    const element = h("div", { class: "field", "data-name": "other" }, h("label", { for: id }, label), box.element,
        h("p", { class: "hint" }, t("Search by subject or number.")), h("p", { class: "fault", id: `${id}-error` }));
    return { name: "other", field: { required: true }, element, get: () => box.get()?.id ?? null };
}

/** Merges this ticket into another: seen before, and done after a yes. */
export function askMerge(ticket, changed) {
    const seen = h("div", { class: "preview", ...polite }, quiet(t("Choose the ticket that goes on.")));
    const show = (other) => fill(seen, other ? facts([
        [t("Goes on"), called(other)],
        [t("Status"), words(other.status)],
        [t("Gets"), plural(ticket.messages + 1, "{count} message of this ticket", "{count} messages of this ticket")],
        [t("Closed"), called(ticket)],
        [t("Careful"), other.client_id !== ticket.client_id && t("The tickets are of different clients.")],
    ]) : quiet(t("Choose the ticket that goes on.")));
    ask({
        title: t("Merge ticket"), action: t("Merge tickets"), said: t("Tickets merged"),
        text: t("The other ticket continues with both threads; this one is closed. This cannot be undone."),
        fields: [otherTicket(ticket, t("Merge into"), show), { name: "seen", element: seen, get: () => null }],
        async run({ other }) {
            await operate(`${of(ticket)}/merge`, { body: { into: other } });
            location.hash = `#/tickets/${other}`;
            await changed();
        },
    });
}

export const askLink = (ticket, changed) => ask({
    title: t("Link ticket"), action: t("Link tickets"), said: t("Tickets linked"),
    fields: [otherTicket(ticket, t("Belongs together with"))],
    async run({ other }) {
        await operate(`${of(ticket)}/link`, { body: { ticket_id: other } });
        await changed();
    },
});

/** Makes a ticket of its own of some messages. */
export async function askSplit(ticket, changed) {
    const { data } = await get(`${of(ticket)}/messages?limit=100&sort=created_at`);
    const choices = data.filter(({ internal }) => !internal);
    if (!choices.length) return toast(t("There is no message besides the first to split off."));
    const boxes = choices.map(({ id, text }, index) => h("label", { class: "tick" },
        h("input", { type: "checkbox", value: id, checked: index === choices.length - 1 }),
        h("span", { dir: "auto" }, text.slice(0, 160))));
    const element = h("fieldset", { "data-name": "message_ids" }, h("legend", {}, t("Messages")), boxes,
        h("p", { class: "fault" }));
    const chosen = () => [...element.querySelectorAll(":checked")].map(({ value }) => value);
    ask({
        title: t("Split ticket"), action: t("Create ticket"), wide: true,
        text: t("The messages become a ticket of their own; both refer to each other."),
        fields: [{ name: "message_ids", field: { required: true }, element, get: chosen },
            asked.text("subject", t("Subject"), { required: true })],
        async run(body) {
            const split = await operate(`${of(ticket)}/split`, { body });
            await changed();
            return split;
        },
        said: (split) => ({ text: t("Ticket created"), way: { text: t("Open"), href: `#/tickets/${split.id}` } }),
    });
}

/** Applies a macro after showing what it does. */
export async function askMacro(ticket, changed) {
    const { data } = await get("/v1/macros?limit=100");
    if (!data.length) return toast(t("No macros yet."), { text: t("Write one"), href: "#/settings/macros" });
    const seen = h("div", { class: "preview", ...polite });
    const show = () => {
        const one = data.find(({ id }) => id === select.value);
        fill(seen, facts([[t("Reply"), one.reply], [t("Note"), one.note],
            [t("Status"), one.status && words(one.status)],
            [t("Priority"), one.priority && words(one.priority)],
                [t("Category"), one.category && words(one.category)]]));
    };
    const select = h("select", { id: `macro-${++made}`, onchange: show },
        data.map(({ id, name }) => h("option", { value: id }, name)));
    show();
    const field = h("div", { class: "field", "data-name": "macro" },
        h("label", { for: select.id }, t("Macro")), select, h("p", { class: "fault" }));
    ask({
        title: t("Apply macro"), action: t("Apply macro"), said: t("Macro applied"),
        fields: [{ name: "macro", element: field, get: () => select.value },
            { name: "seen", element: seen, get: () => null }],
        async run({ macro }) {
            await operate(`/v1/macros/${encodeURIComponent(macro)}/apply`, { body: { ticket_id: ticket.id } });
            await changed();
        },
    });
}

export async function askDelete(ticket) {
    const isMeant = await confirm({ title: t("Delete ticket?"), action: t("Delete"), isGrave: true,
        text: t("{name} and all its messages go. This cannot be undone.", { name: called(ticket) }) });
    if (!isMeant) return;
    try {
        await call(of(ticket), { method: "DELETE" });
        toast(t("Ticket deleted"));
        location.hash = "#/tickets";
    } catch (problem) {
        alarm(t("Not deleted. {why}", { why: whyNot(problem) }));
    }
}
