import { h } from "./dom.js";
import { words } from "./format.js";

/** Where the console shows a thing; null where it does not. */
export function placeOf({ type, id }) {
    const at = (path) => `#/${path}/${encodeURIComponent(id)}`;
    switch (type) {
        case "lead": return at("leads");
        case "deal": return at("deals");
        case "conversation": return at("conversations");
        case "sequence": return at("sequences");
        case "invoice": return "#/invoices";
        case "import": return at("import");
        case "agent": return at("agents");
        case "agent_run": return at("runs");
        case "workflow": return at("workflows");
        case "workflow_run": return at("workflow-runs");
        case "approval": return at("approvals");
        case "alert": return "#/alerts";
        case "ticket_queue": return "#/support";
        case "budget": return "#/budgets";
        case "integration": return "#/connectors";
        default: return null;
    }
}

/** A link to a thing, or its name where there is nothing to show. */
export function linkTo(subject, text = subject.type === "agent" ? words(subject.id) : words(subject.type)) {
    const place = placeOf(subject);
    return place ? h("a", { href: place }, text) : text;
}

/** Who did something: "Lead scoring", "A team member". */
export function actor({ type, id }) {
    const names = { user: "A team member", api_key: "An API key", system: "Bureau" };
    return type === "agent" ? words(id) : names[type] ?? words(type);
}
