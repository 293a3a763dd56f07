import { forgetMe, get, tenant, whoAmI, whoIsMe } from "../app/api.js";
import { signInAgain } from "../app/again.js";
import { address, match, startRouter } from "../app/router.js";
import { isSignedIn, leave, onExpired, openSession } from "../app/session.js";
import { failure, fill, h, pending } from "../ui/dom.js";
import { keepTimes } from "../ui/when.js";
import { t } from "../ui/words.js";
import { brand, loadBrand } from "./brand.js";
import { drawLine, drawTop, lookAround } from "./frame.js";
import { speakTo } from "./language.js";
import {
    byLink, forgotPassword, invitation, resetPassword, sessionEnded, signIn, signInByLink,
} from "./views/entry.js";
import { home } from "./views/home.js";

const openViews = {
    "/forgot": forgotPassword, "/reset/{token}": resetPassword,
    "/sign-in/{token}": signInByLink, "/invitation/{token}": invitation,
};

const main = document.getElementById("main");
let views = { "/": home }, isWhole = false, others = null;

/** Loads the pages beyond Home; those that were not to be had are asked for again by whoever opens one. */
const loadOthers = () => (others ??= import("./others.js").then((loaded) => {
    views = { ...views, ...loaded.views };
    isWhole = true;
}).catch((problem) => {
    others = null;
    throw problem;
}));

function find(views, path) {
    for (const [pattern, view] of Object.entries(views)) {
        const parameters = match(pattern, path);
        if (parameters) return { view, parameters };
    }
    return null;
}

/** Shows the form in place to people who are not signed in, and after it the page that was asked for. */
function choose(path) {
    const open = find(openViews, path);
    if (open || !isSignedIn()) return open ?? { view: signIn };
    if (!whoIsMe()) return { view: beginning };
    const found = () => find(views, path) ?? { view: nothingHere };
    if (isWhole || find(views, path)) return found();
    return { view: loadOthers().then(() => {
        const { view, parameters } = found();
        return (context) => view({ ...context, ...parameters });
    }) };
}

/** From a page that needs nobody to one that does. */
const beginning = () => ({ title: brand().name, content: [h("h1", {}, brand().name), pending(begin, () => null)] });

function nothingHere() {
    const content = [h("h1", {}, t("Page not found")), h("p", {}, h("a", { href: "#/" }, t("Go to Home")))];
    return { title: t("Page not found"), content };
}

let show = null, turn = 0;
const idle = (action) => (window.requestIdleCallback ?? setTimeout)(action);

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
    if (whoIsMe()) idle(() => loadOthers().catch(() => {}));
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
await Promise.all([loadBrand(), openSession()]);
begin();
