import { forgetMe, call, may, tenant, whoAmI } from "./api.js";
import { failure, fill, h } from "./dom.js";
import { keepTimes } from "./format.js";
import { match, startRouter } from "./router.js";
import { isSignedIn, leave, openSession } from "./session.js";
import { agent } from "./views/agent.js";
import { agentRun } from "./views/agentrun.js";
import { agents } from "./views/agents.js";
import { alerts } from "./views/alerts.js";
import { approval, approvals } from "./views/approvals.js";
import { budgets } from "./views/budgets.js";
import { connectors } from "./views/connectors.js";
import { conversation } from "./views/conversation.js";
import { conversations } from "./views/conversations.js";
import { deal } from "./views/deal.js";
import { deals } from "./views/deals.js";
import { home } from "./views/home.js";
import { importLeads } from "./views/import.js";
import { invoices } from "./views/invoices.js";
import { lead } from "./views/lead.js";
import { leads } from "./views/leads.js";
import { notifications } from "./views/notifications.js";
import { outbox } from "./views/outbox.js";
import { agentRuns, workflowRuns } from "./views/runs.js";
import { sequence, sequences } from "./views/sequences.js";
import { forgotPassword, invitation, resetPassword, signIn, signInByLink, signUp, welcome } from "./views/signin.js";
import { support } from "./views/support.js";
import { workflowRun } from "./views/workflowrun.js";
import { workflow, workflows } from "./views/workflows.js";
import { recount } from "./waiting.js";

const views = {
    "/": home, "/leads": leads, "/leads/{id}": lead, "/import": importLeads, "/import/{id}": importLeads,
    "/agents": agents, "/agents/{name}": agent, "/runs": agentRuns, "/runs/{id}": agentRun,
    "/workflow-runs": workflowRuns, "/workflow-runs/{id}": workflowRun,
    "/workflows": workflows, "/workflows/{id}": workflow,
    "/deals": deals, "/deals/{id}": deal, "/invoices": invoices,
    "/conversations": conversations, "/conversations/{id}": conversation, "/outbox": outbox,
    "/sequences": sequences, "/sequences/{id}": sequence,
    "/support": support,
    "/approvals": approvals, "/approvals/{id}": approval, "/alerts": alerts, "/budgets": budgets,
    "/connectors": connectors,
    "/notifications": notifications,
};
const openViews = {
    "/sign-up": signUp, "/forgot": forgotPassword, "/reset/{token}": resetPassword,
    "/sign-in/{token}": signInByLink, "/invitation/{token}": invitation, "/welcome/{token}": welcome,
};

const main = document.getElementById("main"), top = document.getElementById("top");
document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
});

/** Whoever is not signed in gets the form in place, and after it the page that was asked for. */
function choose(path) {
    for (const [pattern, view] of Object.entries({ ...openViews, ...(isSignedIn() ? views : {}) })) {
        const parameters = match(pattern, path);
        if (parameters) return { view, parameters };
    }
    return isSignedIn() ? { view: nothingHere } : { view: signIn };
}

function nothingHere() {
    const content = [h("h1", {}, "Page not found"), h("p", {}, h("a", { href: "#/" }, "Go to the overview"))];
    return { title: "Page not found", content };
}

/** [address, text, permission, what waits there, other addresses of the same part]. */
const parts = [
    ["/", "Overview"], ["/leads", "Leads", "leads:read", null, ["/import"]],
    ["/deals", "Deals", "deals:read", null, ["/invoices"]],
    ["/conversations", "Conversations", "conversations:read", null, ["/outbox", "/sequences"]],
    ["/support", "Support", "tickets:read"],
    ["/agents", "Agents", "agents:read"],
    ["/runs", "Runs", "agents:read", null, ["/workflow"]],
    ["/approvals", "Approvals", "approvals:read", "approvals"], ["/alerts", "Alerts", "alerts:read", "alerts"],
    ["/budgets", "Budgets", "budgets:read"], ["/connectors", "Integrations", "integrations:read"],
];

function drawTop(path) {
    const to = ([address, text, permission, waits, others = []]) => {
        if (permission && !may(permission)) return null;
        const isHere = address === "/" ? path === "/" : [address, ...others].some((start) => path.startsWith(start));
        const count = waits && h("span", { class: "count", "data-waiting": waits, hidden: true });
        return h("a", { href: `#${address}`, "aria-current": isHere && "page" }, text, count);
    };
    const sign = h("img", { src: "/favicon.svg", alt: "", width: 24, height: 24 });
    fill(
        top,
        h("a", { class: "brand", href: "#/" }, sign, "Bureau"),
        h("nav", { "aria-label": "Main" },
            isSignedIn() && parts.map(to), h("a", { href: "/docs" }, "API reference")),
        isSignedIn() && h("div", { class: "account" },
            h("a", { href: "#/notifications", "aria-current": path === "/notifications" && "page" }, "Notifications"),
            h("span", { class: "who" }, tenant().name),
            h("button", { type: "button", onclick: signOut }, "Sign out")));
    if (isSignedIn()) recount();
}

async function signOut() {
    // Signed out here even if the server cannot be told: its session ends by itself.
    await call("/v1/auth/logout", { method: "POST" }).catch(() => {});
    await leave();
}

let show = null;

/** Everything that signing in or out changes: the pages there are, and whose they are. */
async function begin() {
    forgetMe();
    try {
        if (isSignedIn()) await whoAmI();
    } catch (problem) {
        if (isSignedIn()) return fill(main, h("h1", {}, "Bureau"), failure(problem, begin));
    }
    if (show) show();
    else show = startRouter(main, choose, drawTop);
}

window.addEventListener("signedin", begin);
window.addEventListener("signedout", begin);
keepTimes();
await openSession(begin);
begin();
