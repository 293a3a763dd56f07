import { forgetMe, tenant, whoAmI, whoIsMe } from "./api.js";
import { opened } from "./early.js";
import { startKeys } from "./frame/keys.js";
import { speakTo } from "./frame/language.js";
import { watchLine } from "./frame/line.js";
import { clearSidebar, drawSidebar, markEntry } from "./frame/sidebar.js";
import { watchStops } from "./frame/stop.js";
import { clearTopbar, drawTopbar } from "./frame/topbar.js";
import { closeOutgoing, openOutgoing } from "./outgoing.js";
import { address, startRouter } from "./router.js";
import { fetchAhead, viewOf } from "./routes.js";
import { isSignedIn } from "./session.js";
import { hangUp, live } from "./stream.js";
import { countedEvents, recount } from "./waiting.js";
import { failure, fill, h } from "../ui/dom.js";
import { clearToasts } from "../ui/toast.js";
import { keepTimes } from "../ui/when.js";
import { t } from "../ui/words.js";

const main = document.getElementById("main"), skip = document.querySelector(".skip");
skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
});

/** Shows the form in place to people who are not signed in, and after it the page that was asked for. */
const choose = (path) => viewOf(path, isSignedIn()) ?? { view: nothingHere };

function nothingHere() {
    const content = [h("h1", {}, t("Page not found")), h("p", {}, h("a", { href: "#/" }, t("Go to Today")))];
    return { title: t("Page not found"), content };
}

/** The wait for what comes after the first view, which does without it. */
const moment = 1000;
const loadRest = () => import("./ahead.js").then(({ loadAhead }) => loadAhead()).catch(() => {});

let show = null, isAhead = false, session = new AbortController(), turn = 0;

/** Everything that signing in or out changes: the frame, the pages there are, and whose they are (`asked` already). */
async function begin(asked = null) {
    if (!asked) forgetMe();
    session.abort();
    hangUp();
    session = new AbortController();
    const own = ++turn;
    if (!isSignedIn()) clear();
    try {
        if (isSignedIn()) await (asked ?? whoAmI());
        await speakTo(whoIsMe()?.user?.locale, tenant().locale);
    } catch (problem) {
        if (own === turn && isSignedIn()) return fill(main, h("h1", {}, "Bureau"), failure(problem, () => begin()));
    }
    // Somebody has signed in or out meanwhile.
    if (own !== turn) return;
    if (isSignedIn()) openOutgoing();
    else closeOutgoing();
    if (isSignedIn() && !isAhead) {
        isAhead = true;
        setTimeout(loadRest, moment);
    }
    draw();
}

function draw() {
    fill(skip, t("Skip to content"));
    drawFrame();
    if (show) show();
    else show = startRouter(main, choose, shown);
}

/** Nothing stays of what somebody has left. */
function clear() {
    if (show) fill(main);
    clearSidebar();
    clearTopbar();
    clearToasts();
}

function drawFrame() {
    if (!isSignedIn()) return;
    drawSidebar();
    drawTopbar(session.signal);
    watchStops(session.signal);
    live(countedEvents, recount, session.signal);
}

function shown(path) {
    markEntry(path);
    if (isSignedIn()) recount();
}

for (const change of ["signedin", "signedout", "languagechosen"]) window.addEventListener(change, () => begin());
window.addEventListener("wordsmissed", () => {
    session.abort();
    session = new AbortController();
    draw();
});
keepTimes();
startKeys();
watchLine();
const { asked } = await opened;
// Beside whose it is: a view takes as long to come as that.
if (isSignedIn()) fetchAhead(address().path);
begin(asked);
