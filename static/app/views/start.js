import { call, get, may } from "../api.js";
import { h, pending, quiet } from "../dom.js";
import { field, form } from "../forms.js";

/** The first start in five steps, each of which can be skipped; the address says which one it is. */
const steps = [
    ["Agency", "What every email and invoice has to say.", ["postal_address", "country"]],
    ["You", "Recipients see this name and reply to this address.", ["sender"]],
    ["Mail", "Without a mail service nothing is sent.", "#/settings/integrations", "Connect a mail service"],
    ["Leads", "Agents have nothing to work on until there are leads.", "#/import", "Import leads"],
    ["Agents", "Each agent says what it does, and asks before it does it by itself.", "#/agents", "Look at the agents"],
];

export function start({ query, signal }) {
    const at = Math.min(steps.length, Math.max(1, Number(query.step) || 1));
    const [title, why, what, label] = steps[at - 1];
    const next = () => (location.hash = at === steps.length ? "/" : `/start?step=${at + 1}`);
    const skip = h("button", { type: "button", onclick: next }, "Skip");
    const body = Array.isArray(what)
        ? pending(() => get("/v1/settings", signal), (now) => fields(what, now, next, skip), { signal })
        : [
            h("p", {}, h("a", { class: "button", href: what }, label)),
            h("div", { class: "actions" },
                h("button", { type: "button", class: "primary", onclick: next }, "Continue"), skip),
        ];
    return {
        title: `${title}, step ${at} of ${steps.length}`,
        content: h("div", { class: "card narrow" }, quiet(`Step ${at} of ${steps.length}`), h("h1", {}, title),
            h("p", {}, why), body,
            at > 1 && h("p", { class: "links after" }, h("a", { href: `#/start?step=${at - 1}` }, "Back"))),
    };
}

function fields(names, now, next, skip) {
    const known = {
        postal_address: () => field("Postal address", "postal_address", { value: now.postal_address ?? "" }),
        country: () => field("Country", "country", {
            value: now.country ?? "", maxlength: 2, hint: "Two letters, such as DE.",
        }),
        sender: () => [
            field("Sender name", "sender", { value: now.sender?.name ?? "" }),
            field("Sender email", "email", { type: "email", value: now.sender?.email ?? "" }),
        ],
    };
    const element = form({ action: "Continue", async submit({ sender, email, postal_address, country }) {
        const body = names.includes("sender") ? { sender: { name: sender.trim(), email: email.trim() } }
            : { postal_address: postal_address.trim() || null, country: country.trim().toUpperCase() || null };
        if (may("settings:write")) await call("/v1/settings", { method: "PATCH", body });
        next();
    } }, names.map((name) => known[name]()));
    element.querySelector(".actions").append(skip);
    return element;
}
