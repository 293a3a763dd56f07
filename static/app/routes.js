import { later } from "./later.js";
import { match } from "./router.js";
import { kindViews, moved as movedBySlices, views as viewsOfSlices } from "./slices.js";

/* The views by their addresses; each is loaded when it is asked for first. Parts of the console add theirs. */

/** The pages that somebody may see first: signing in and Today come without the rest of the words and styles. */
const first = new Set(["/", "/sign-in"]);

const settings = () => import("./settings/settings.js").then((found) => found.settings);
const importing = () => import("./views/import.js").then(({ importLeads }) => importLeads);
const plain = () => import("./views/records.js");

/** The views of a kind of record; one without a module needs nothing special. */
const ofKind = ([plural, module]) => [["", "list"], ["/new", "newRecord"], ["/{id}", "record"],
    ["/{id}/edit", "editRecord"]].map(([rest, name]) =>
    [`/${plural}${rest}`, () => (module ?? plain)().then((found) => found[name]), { plural }]);

const known = [
    ["/", () => import("./views/home.js").then(({ home }) => home)],
    ["/begin", () => import("./views/begin.js").then(({ begin }) => begin)],
    ["/start", () => import("./views/start.js").then(({ start }) => start)],
    ["/import", importing], ["/import/{id}", importing],
    ["/notifications", () => import("./views/notifications.js").then(({ notifications }) => notifications)],
    ["/settings", settings], ["/settings/{page}", settings], ["/settings/{page}/{id}", settings],
    ["/settings/{page}/{id}/edit", settings],
    ...Object.entries(viewsOfSlices), ...Object.entries(kindViews).flatMap(ofKind),
];

const entry = (name) => () => import("./views/entering.js").then((found) => found[name]);
const signIn = ["/sign-in", () => import("./views/signin.js").then((found) => found.signIn)];
const open = [
    ["/sign-up", entry("signUp")], ["/forgot", entry("forgotPassword")], ["/reset/{token}", entry("resetPassword")],
    ["/sign-in/{token}", entry("signInByLink")], ["/invitation/{token}", entry("invitation")],
    ["/welcome/{token}", entry("welcome")],
];

/** Where pages of the console were before; links in mails and bookmarks still say so. */
const moved = { "/budgets": "/settings/budgets", "/connectors": "/settings/integrations", ...movedBySlices };

const loaded = new Map();

/** The view itself once it is here, and a promise of it before. */
const load = (way) => loaded.get(way) ?? (first.has(way[0]) ? way[1]() : later(way[1]))
    .then((view) => (loaded.set(way, view), view));

/** Loads the view of a path for whenever it is opened; one that cannot be loaded now is loaded then. */
export async function fetchAhead(path) {
    const way = known.find(([pattern]) => match(pattern, path));
    await Promise.resolve(way && load(way)).catch(() => {});
}

/** The view of a path, for whoever is signed in or not. */
export function viewOf(path, isSignedIn) {
    const [, first, rest] = /^(\/[^/]*)(.*)$/.exec(path) ?? [];
    if (moved[first]) {
        history.replaceState(null, "", `#${moved[first]}${rest}${location.hash.match(/\?.*$/)?.[0] ?? ""}`);
        return viewOf(moved[first] + rest, isSignedIn);
    }
    for (const way of isSignedIn ? [...open, ...known] : open) {
        const parameters = match(way[0], path);
        if (parameters) return { view: load(way), parameters: { ...way[2], ...parameters } };
    }
    return isSignedIn ? null : { view: load(signIn) };
}
