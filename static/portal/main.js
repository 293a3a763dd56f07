import { call, forgetMe, get, may, tenant, whoAmI } from "../app/api.js";
import { failure, fill, h } from "../app/dom.js";
import { keepTimes } from "../app/format.js";
import { match, startRouter } from "../app/router.js";
import { isSignedIn, leave, openSession } from "../app/session.js";
import { t } from "../app/words.js";
import { brand, loadBrand } from "./brand.js";
import { speakTo } from "./language.js";
import { activity } from "./views/activity.js";
import { contract, contracts, proposal, proposals } from "./views/agreements.js";
import { article, articles } from "./views/articles.js";
import { deliverable } from "./views/deliverable.js";
import { documents } from "./views/documents.js";
import { forgotPassword, invitation, resetPassword, signIn, signInByLink } from "./views/entry.js";
import { invoice, invoices } from "./views/invoices.js";
import { messages } from "./views/messages.js";
import { overview } from "./views/overview.js";
import { people } from "./views/people.js";
import { preferences } from "./views/preferences.js";
import { project, projects } from "./views/projects.js";
import { report, reports } from "./views/reports.js";
import { survey } from "./views/survey.js";
import { newTicket, ticket, tickets } from "./views/tickets.js";

const views = {
    "/": overview, "/projects": projects, "/projects/{id}": project, "/deliverables/{id}": deliverable,
    "/messages": messages, "/tickets": tickets, "/tickets/new": newTicket, "/tickets/{id}": ticket,
    "/reports": reports, "/reports/{id}": report, "/invoices": invoices, "/invoices/{id}": invoice,
    "/proposals": proposals, "/proposals/{id}": proposal, "/contracts": contracts, "/contracts/{id}": contract,
    "/documents": documents, "/activity": activity, "/preferences": preferences, "/people": people,
    "/surveys/{id}": survey, "/help": articles, "/help/{id}": article,
};
const openViews = {
    "/forgot": forgotPassword, "/reset/{token}": resetPassword,
    "/sign-in/{token}": signInByLink, "/invitation/{token}": invitation,
};

const main = document.getElementById("main"), top = document.getElementById("top");
const skip = document.querySelector(".skip");
skip.addEventListener("click", (event) => {
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
    const content = [h("h1", {}, t("Page not found")), h("p", {}, h("a", { href: "#/" }, t("Go to the overview")))];
    return { title: t("Page not found"), content };
}

/** [address, text, other addresses of the same part, permission, lists of which one has something]. */
const parts = () => [
    ["/", t("Overview")], ["/tickets", t("Requests"), ["/surveys"]],
    ["/projects", t("Projects"), ["/deliverables"], null, ["projects"]], ["/messages", t("Messages")],
    ["/reports", t("Reports"), [], null, ["reports"]],
    [billing(), t("Billing"), ["/invoices", "/proposals", "/contracts"], null, ["invoices", "proposals", "contracts"]],
    ["/documents", t("Documents"), [], null, ["documents"]], ["/help", t("Help"), [], null, ["articles"]],
    ["/people", t("People"), [], "portal:manage"],
];

/** The lists in which this client has something: what is empty needs no entry. */
let filled = new Set();

const billing = () => `/${["invoices", "proposals", "contracts"].find((one) => filled.has(one)) ?? "invoices"}`;

async function lookAround() {
    const lists = {
        projects: "/v1/portal/projects", reports: "/v1/portal/reports", invoices: "/v1/portal/invoices",
        proposals: "/v1/portal/proposals", contracts: "/v1/portal/contracts", documents: "/v1/portal/documents",
        articles: "/v1/portal/articles",
    };
    const found = await Promise.all(Object.entries(lists).map(async ([name, path]) => {
        // Whoever may not read a list has nothing there; what cannot be told is not hidden.
        const { data } = await get(`${path}?limit=1`).catch(({ status }) => ({ data: status === 403 ? [] : [null] }));
        return data.length > 0 && name;
    }));
    filled = new Set(found.filter(Boolean));
}

function drawTop(path) {
    fill(skip, t("Skip to content"));
    const to = ([address, text, others = [], permission, lists]) => {
        if (permission && !may(permission)) return null;
        if (lists && !lists.some((one) => filled.has(one))) return null;
        const isHere = address === "/" ? path === "/" : [address, ...others].some((start) => path.startsWith(start));
        return h("a", { href: `#${address}`, "aria-current": isHere && "page" }, text);
    };
    const { name, logo_url } = brand();
    // Where files are served is where the page is.
    const logo = logo_url && h("img", { src: new URL(logo_url, location.href).pathname, alt: "" });
    fill(
        top,
        h("a", { class: "brand", href: "#/" }, logo, name),
        isSignedIn() && h("nav", { "aria-label": t("Main") }, parts().map(to)),
        isSignedIn() && h("div", { class: "account" },
            to(["/activity", t("Activity")]), to(["/preferences", t("Preferences")]),
            h("button", { type: "button", onclick: signOut }, t("Sign out"))));
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
        if (isSignedIn()) await welcome(await whoAmI());
        else await speakTo(null, brand().locale);
    } catch (problem) {
        if (isSignedIn()) return fill(main, h("h1", {}, brand().name), failure(problem, begin));
    }
    if (show) show();
    else show = startRouter(main, choose, drawTop, () => brand().name);
}

/** The portal is for clients: colleagues of the agency have the console. */
async function welcome({ role }) {
    if (brand().slug !== tenant().slug) await loadBrand(tenant().slug);
    if (role === "client") {
        const [{ locale }] = await Promise.all([get("/v1/portal/preferences"), lookAround()]);
        return speakTo(locale, brand().locale);
    }
    await leave();
    location.assign("/");
}

window.addEventListener("signedin", begin);
window.addEventListener("signedout", begin);
window.addEventListener("languagechosen", begin);
keepTimes();
await loadBrand();
await openSession(begin);
begin();
