import { call, get, may, whoIsMe } from "../app/api.js";
import { dropAllDrafts } from "../app/drafts.js";
import { leave } from "../app/session.js";
import { fill, h } from "../ui/dom.js";
import { current, currentIn, polite, spokenAs } from "../ui/state.js";
import { t } from "../ui/words.js";
import { brand } from "./brand.js";

/* The head of every page: the agency, the parts of the portal in which this client has something, the account. */

const top = document.getElementById("top"), skip = document.querySelector(".skip");
const main = document.getElementById("main");

skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
});

const lists = {
    projects: "/v1/portal/projects", messages: "/v1/portal/messages", reports: "/v1/portal/reports",
    metrics: "/v1/portal/metrics", goals: "/v1/portal/goals", invoices: "/v1/portal/invoices",
    proposals: "/v1/portal/proposals",
    contracts: "/v1/portal/contracts", documents: "/v1/portal/documents", files: "/v1/portal/files",
    articles: "/v1/portal/articles", content: "/v1/portal/content",
};

/** The lists in which this client has something: what is empty needs no entry. */
let filled = new Set();

export async function lookAround() {
    const found = await Promise.all(Object.entries(lists).map(async ([name, path]) => {
        const limited = name === "metrics" ? path : `${path}?limit=1`;
        // A list that the reader may not read has nothing for them; one that failed is not hidden.
        const { data } = await get(limited).catch(({ status }) => ({ data: status === 403 ? [] : [null] }));
        return data.length > 0 && name;
    }));
    filled = new Set(found.filter(Boolean));
}

const papers = ["invoices", "proposals", "contracts"];

/** The papers of which there are some, in their order. */
export const filledPapers = () => papers.filter((one) => filled.has(one));

/** Notes that this client has something there from now on: an answer brings its entry with it. */
export function hasNow(name) {
    if (filled.has(name)) return;
    filled.add(name);
    drawTop(location.hash.slice(1).split("?")[0] || "/");
}

/** [address, text, other addresses of the same part, lists of which one has something]. */
const parts = () => [
    ["/", t("Home")], ["/tickets", t("Requests"), ["/surveys"]],
    ["/projects", t("Projects"), ["/deliverables"], ["projects"]],
    ["/content", t("Content"), [], ["content"]],
    ["/messages", t("Messages"), [], ["messages"]], ["/reports", t("Reports"), [], ["reports", "goals", "metrics"]],
    [`/${filledPapers()[0]}`, t("Billing"), papers.map((one) => `/${one}`), papers],
    ["/documents", t("Files"), [], ["documents", "files"]], ["/help", t("Help"), [], ["articles"]],
    may("portal:manage") && ["/people", t("People")],
].filter((part) => part && (!part[3] || part[3].some((one) => filled.has(one))));

export function drawTop(path) {
    fill(skip, t("Skip to content"));
    const to = ([address, text, others = []]) => {
        const isHere = address === "/" ? path === "/" : [address, ...others].some((start) => path.startsWith(start));
        return h("a", { href: `#${address}`, ...current(isHere) }, text);
    };
    const { name, logo_url } = brand();
    // Where files are served is where the page is.
    const logo = logo_url && h("img", { src: new URL(logo_url, location.href).pathname, alt: "" });
    fill(top,
        h("a", { class: "brand", href: "#/" }, logo, h("span", { dir: "auto" }, name)),
        whoIsMe() && h("nav", spokenAs(t("Main")), parts().map(to)),
        whoIsMe() && account(to));
    currentIn(top.querySelector("nav"))?.scrollIntoView({ block: "nearest", inline: "center" });
}

function account(to) {
    const menu = h("details", { class: "account" }, h("summary", {}, t("Account")),
        h("div", { class: "account-menu" },
            to(["/referrals", t("Recommendations")]), to(["/preferences", t("Preferences")]), to(["/activity", t("Activity")]),
            h("button", { type: "button", onclick: signOut }, t("Sign out"))));
    menu.addEventListener("keydown", ({ key }) => {
        if (key !== "Escape" || !menu.open) return;
        menu.open = false;
        menu.querySelector("summary").focus();
    });
    return menu;
}

document.addEventListener("pointerdown", ({ target }) => {
    const menu = top.querySelector("details.account[open]");
    if (menu && !menu.contains(target)) menu.open = false;
});

async function signOut() {
    // Signed out here even if the server cannot be told: its session ends by itself.
    await call("/v1/auth/logout", { method: "POST" }).catch(() => {});
    dropAllDrafts();
    await leave();
}

/** Says while there is no line that there is none. */
export function drawLine() {
    fill(document.getElementById("offline"), !navigator.onLine && h("p", { class: "offline", ...polite },
        t("You are offline. What you type is kept here; send it when you are back.")));
}

window.addEventListener("online", drawLine);
window.addEventListener("offline", drawLine);
