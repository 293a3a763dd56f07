import { match } from "./router.js";

/** The views by their addresses; each is loaded when it is asked for first. */
const views = {
    "/": [() => import("./views/home.js"), "home"],
    "/start": [() => import("./views/start.js"), "start"],
    "/import": [() => import("./views/import.js"), "importLeads"],
    "/import/{id}": [() => import("./views/import.js"), "importLeads"],
    "/agents": [() => import("./views/agents.js"), "agents"],
    "/agents/{name}": [() => import("./views/agent.js"), "agent"],
    "/runs": [() => import("./views/runs.js"), "agentRuns"],
    "/runs/{id}": [() => import("./views/agentrun.js"), "agentRun"],
    "/workflow-runs": [() => import("./views/runs.js"), "workflowRuns"],
    "/workflow-runs/{id}": [() => import("./views/workflowrun.js"), "workflowRun"],
    "/workflows": [() => import("./views/workflows.js"), "workflows"],
    "/workflows/{id}": [() => import("./views/workflows.js"), "workflow"],
    "/inbox": [() => import("./views/conversations.js"), "conversations"],
    "/inbox/{id}": [() => import("./views/conversation.js"), "conversation"],
    "/outbox": [() => import("./views/outbox.js"), "outbox"],
    "/sequences": [() => import("./views/sequences.js"), "sequences"],
    "/sequences/new": [() => import("./views/sequences.js"), "newSequence"],
    "/sequences/{id}": [() => import("./views/sequences.js"), "sequence"],
    "/approvals": [() => import("./views/approvals.js"), "approvals"],
    "/approvals/{id}": [() => import("./views/approvals.js"), "approval"],
    "/insights": [() => import("./views/insights.js"), "insights"],
    "/insights/support": [() => import("./views/support.js"), "support"],
    "/sandboxes": [() => import("./views/sandboxes.js"), "sandboxes"],
    "/sandboxes/new": [() => import("./views/sandboxes.js"), "newSandbox"],
    "/alerts": [() => import("./views/alerts.js"), "alerts"],
    "/notifications": [() => import("./views/notifications.js"), "notifications"],
    "/settings": [() => import("./settings/settings.js"), "settings"],
    "/settings/{page}": [() => import("./settings/settings.js"), "settings"],
    "/settings/{page}/{id}": [() => import("./settings/settings.js"), "settings"],
    "/settings/{page}/{id}/edit": [() => import("./settings/settings.js"), "settings"],
};

/** Kinds of records with a list and pages of their own; those without a module need nothing special. */
const records = {
    leads: () => import("./views/leads.js"), deals: () => import("./views/deals.js"),
    invoices: () => import("./views/invoices.js"), proposals: () => import("./views/proposals.js"),
    contracts: () => import("./views/contracts.js"), reports: () => import("./views/reports.js"),
    tickets: () => import("./views/tickets.js"),
    contacts: null, companies: null, clients: null, projects: null, tasks: null, deliverables: null, articles: null,
};
const plain = () => import("./views/records.js");
const pages = { "": "list", "/new": "newRecord", "/{id}": "record", "/{id}/edit": "editRecord" };

for (const [plural, module] of Object.entries(records)) {
    for (const [rest, name] of Object.entries(pages)) views[`/${plural}${rest}`] = [module ?? plain, name, { plural }];
}

const signIn = () => import("./views/signin.js");
const atSignIn = [signIn, "signIn"];
const open = {
    "/sign-up": [signIn, "signUp"], "/forgot": [signIn, "forgotPassword"],
    "/reset/{token}": [signIn, "resetPassword"], "/sign-in/{token}": [signIn, "signInByLink"],
    "/invitation/{token}": [signIn, "invitation"], "/welcome/{token}": [signIn, "welcome"],
};

/** Where pages of the console were before; links in mails and bookmarks still say so. */
const moved = {
    "/conversations": "/inbox", "/support": "/insights/support", "/budgets": "/settings/budgets",
    "/connectors": "/settings/integrations",
};

const loaded = new Map();

/** The view itself once it is here, and a promise of it before. */
function load(way) {
    const [module, name] = way;
    return loaded.get(way) ?? module().then((found) => (loaded.set(way, found[name]), found[name]));
}

/** The view of a path, for whoever is signed in or not. */
export function viewOf(path, isSignedIn) {
    const [, first, rest] = /^(\/[^/]*)(.*)$/.exec(path) ?? [];
    if (moved[first]) {
        history.replaceState(null, "", `#${moved[first]}${rest}${location.hash.match(/\?.*$/)?.[0] ?? ""}`);
        return viewOf(moved[first] + rest, isSignedIn);
    }
    for (const [pattern, way] of Object.entries({ ...open, ...(isSignedIn ? views : {}) })) {
        const parameters = match(pattern, path);
        if (parameters) return { view: load(way), parameters: { ...way[2], ...parameters } };
    }
    return isSignedIn ? null : { view: load(atSignIn) };
}
