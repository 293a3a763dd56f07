import { keepPlaces } from "./scrolling.js";
import { failure, fill, h, refill } from "../ui/dom.js";
import { setBusy } from "../ui/state.js";
import { t } from "../ui/words.js";

/**
 * Shows the view of the address's hash: "#/leads/lead_1?tab=x" → {path: "/leads/lead_1", query}.
 * A view is `(context) → {title, content}`, at once; it loads its parts itself, until `context.signal` aborts.
 * `choose(path)` gives the view, or a promise of it, and its parameters; `site()` is what the title ends with.
 */
export function startRouter(main, choose, onShown, site = () => "Bureau") {
    let leave = new AbortController(), shown = null;
    const places = keepPlaces(main);
    tellBusy(main);

    function show({ keepFocus = false } = {}) {
        const { path, query } = address();
        leave.abort();
        leave = new AbortController();
        const { signal } = leave;
        shown = path;
        const open = (view, parameters) => {
            if (!signal.aborted) draw(() => view({ ...parameters, query, signal }), path, keepFocus);
        };
        const fail = (error) => draw(() => { throw error; }, path, keepFocus);
        try {
            const { view, parameters } = choose(path);
            if (typeof view === "function") return open(view, parameters);
            setBusy(main, true);
            view.then((loaded) => open(loaded, parameters), (error) => signal.aborted || fail(error));
        } catch (error) {
            fail(error);
        }
    }

    function draw(make, path, keepFocus) {
        let page;
        try {
            page = make();
        } catch (error) {
            page = { title: t("Error"), content: [h("h1", {}, t("Error")), failure(error)] };
        }
        document.title = `${page.title} – ${site()}`;
        setBusy(main, false);
        if (keepFocus) refill(main, page.content);
        else fill(main, page.content);
        // Of a view that opens, parts come one after the other; not where the address names a field for the keyboard.
        main.toggleAttribute("data-opening", !address().query.field);
        onShown(path);
        if (keepFocus) return;
        // A new page begins at its heading, for the screen reader as for the eye; one that was left, where it was left.
        window.scrollTo(0, 0);
        places.bringBack();
        const heading = main.querySelector("h1");
        heading?.setAttribute("tabindex", "-1");
        if (!document.querySelector("dialog[open]")) heading?.focus({ preventScroll: true });
    }

    window.addEventListener("hashchange", () => show({ keepFocus: address().path === shown }));
    show({ keepFocus: true });
    places.bringBack();
    return show;
}

/**
 * The time for which a view that opens has been without a part that loads until it is open: parts bring others with
 * them.
 */
const calm = 200;

/** A view is busy until its parts are there. */
function tellBusy(main) {
    const look = () => {
        const isBusy = main.querySelector("[data-loading]") !== null;
        setBusy(main, isBusy);
        const isOpened = () => main.querySelector("[data-loading]") ?? main.removeAttribute("data-opening");
        if (!isBusy) setTimeout(isOpened, calm);
    };
    new MutationObserver(look).observe(main, { subtree: true, childList: true, attributeFilter: ["data-loading"] });
}

export function address() {
    const [path, query] = location.hash.slice(1).split("?");
    return { path: path || "/", query: Object.fromEntries(new URLSearchParams(query)) };
}

/** Matches "/leads/{id}" and gives {id}; null where the path is another one. */
export function match(pattern, path) {
    const names = [];
    const expression = pattern.replaceAll(/\{(\w+)\}/g, (_, name) => (names.push(name), "([^/]+)"));
    const found = new RegExp(`^${expression}$`).exec(path);
    return found && Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1])]));
}
