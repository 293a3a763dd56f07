import { forgetMe, get, tenant, whoAmI, whoIsMe } from "../app/api.js";
import { failure, fill, h, pending } from "../app/dom.js";
import { keepTimes } from "../app/format.js";
import { signInAgain } from "../app/again.js";
import { address, match, startRouter } from "../app/router.js";
import { isSignedIn, leave, onExpired, openSession } from "../app/session.js";
import { t } from "../app/words.js";
import { brand, loadBrand } from "./brand.js";
import { drawLine, drawTop, lookAround } from "./frame.js";
import { speakTo } from "./language.js";
import { activity } from "./views/activity.js";
import { contract, contracts, proposal, proposals } from "./views/agreements.js";
import { article, articles } from "./views/articles.js";
import { content, contents } from "./views/content.js";
import { deliverable } from "./views/deliverable.js";
import { documents } from "./views/documents.js";
import {
    byLink, forgotPassword, invitation, resetPassword, sessionEnded, signIn, signInByLink,
} from "./views/entry.js";
import { home } from "./views/home.js";
import { invoice, invoices } from "./views/invoices.js";
import { messages } from "./views/messages.js";
import { onboarding } from "./views/onboarding.js";
import { people } from "./views/people.js";
import { preferences } from "./views/preferences.js";
import { project, projects } from "./views/projects.js";
import { referrals } from "./views/referrals.js";
import { report, reports } from "./views/reports.js";
import { survey } from "./views/survey.js";
import { newTicket, ticket, tickets } from "./views/tickets.js";

const views = {
    "/": home, "/projects": projects, "/projects/{id}": project, "/deliverables/{id}": deliverable,
    "/content": contents, "/content/{id}": content,
    "/messages": messages, "/tickets": tickets, "/tickets/new": newTicket, "/tickets/{id}": ticket,
    "/reports": reports, "/reports/{id}": report, "/invoices": invoices, "/invoices/{id}": invoice,
    "/proposals": proposals, "/proposals/{id}": proposal, "/contracts": contracts, "/contracts/{id}": contract,
    "/documents": documents, "/activity": activity, "/preferences": preferences, "/people": people,
    "/surveys/{id}": survey, "/onboarding": onboarding, "/referrals": referrals, "/help": articles, "/help/{id}": article,
};
const openViews = {
    "/forgot": forgotPassword, "/reset/{token}": resetPassword,
    "/sign-in/{token}": signInByLink, "/invitation/{token}": invitation,
};

const main = document.getElementById("main");

function find(views, path) {
    for (const [pattern, view] of Object.entries(views)) {
        const parameters = match(pattern, path);
        if (parameters) return { view, parameters };
    }
    return null;
}

/** Whoever is not signed in gets the form in place, and after it the page that was asked for. */
function choose(path) {
    const open = find(openViews, path);
    if (open || !isSignedIn()) return open ?? { view: signIn };
    return whoIsMe() ? find(views, path) ?? { view: nothingHere } : { view: beginning };
}

/** From a page that needs nobody to one that does. */
const beginning = () => ({ title: brand().name, content: [h("h1", {}, brand().name), pending(begin, () => null)] });

function nothingHere() {
    const content = [h("h1", {}, t("Page not found")), h("p", {}, h("a", { href: "#/" }, t("Go to Home")))];
    return { title: t("Page not found"), content };
}

let show = null, turn = 0;

/**
 * Everything that signing in or out changes: the pages there are, and whose they are. A page that needs nobody is not
 * asked whose it is: a link by mail is often opened because the session has ended.
 */
async function begin() {
    forgetMe();
    const isOpen = Boolean(find(openViews, address().path)), own = ++turn;
    // Nothing stays of what somebody has left.
    if (show && !isSignedIn() && !isOpen) fill(main);
    try {
        if (isSignedIn() && !isOpen) await welcome(await whoAmI());
        else await speakTo(null, brand().locale);
    } catch (problem) {
        const isFailed = own === turn && isSignedIn() && !isOpen;
        if (isFailed) return fill(main, h("h1", {}, brand().name), failure(problem, begin));
    }
    // Somebody has signed in or out meanwhile.
    if (own !== turn) return;
    drawLine();
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

/* Over the page, so that what was begun goes on; who would rather not finds what was typed again, as a draft. */
onExpired(async (signal) => {
    const { user } = whoIsMe() ?? {};
    const answer = user && await signInAgain({ email: user.email, tenant: tenant().slug, signal,
        otherWay: (place) => byLink(() => user.email, place) });
    if (!answer && !signal.aborted) sessionEnded();
    return answer;
});
window.addEventListener("signedin", begin);
window.addEventListener("signedout", begin);
window.addEventListener("languagechosen", begin);
keepTimes();
await loadBrand();
await openSession();
begin();
