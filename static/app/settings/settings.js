import { isWithin } from "../frame/entries.js";
import { fill, h, pending } from "../../ui/dom.js";
import { current, currentIn, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { settingGroups } from "./groups.js";
import { pages, within } from "./pages.js";

/** Pages that nobody of an agency can be given. */
const ofOperators = new Set(["agencies", "backups", "health"]);

/** The settings: their own navigation, and beside it one page of them. */
export function settings(context) {
    const groups = settingGroups();
    const name = context.page ?? groups[0][1][0][1].split("/").at(-1);
    const shown = within[name] ?? name;
    const found = groups.flatMap(([, entries]) => entries).find(([, href]) => href === `#/settings/${shown}`);
    const link = ([text, href]) => h("li", {}, h("a", {
        href, ...current(isWithin(href, `/settings/${shown}`)),
    }, text));
    const navigation = h("nav", { ...spokenAs(t("Settings")), class: "settings-nav" },
        groups.map(([title, entries]) => [h("p", { class: "group-title" }, title), h("ul", {}, entries.map(link))]));
    setTimeout(() => reveal(navigation));
    const place = h("div", { class: "settings-page" });
    const title = context.page ? found?.[0] : t("Settings");
    if (!found || !pages[name]) {
        const isKept = pages[name] && !ofOperators.has(name);
        const heading = title ?? (isKept ? t("No access") : t("Page not found"));
        fill(place, h("h1", {}, heading), h("p", {}, isKept
            ? t("Ask an owner or a manager of the agency to give you access.")
            : t("There is no such page among the settings.")));
        return { title: heading, content: h("div", { class: "settings" }, navigation, place) };
    }
    const page = pending(pages[name], (draw) => draw({ ...context, page: name, title: found[0] }),
        { signal: context.signal });
    fill(place, h("h1", {}, title), page);
    // An entry of the sidebar may have the same name, such as that of approvals.
    const named = context.page ? `${title} – ${t("Settings")}` : title;
    return { title: named, content: h("div", { class: "settings" }, navigation, place) };
}

/** On a phone the navigation is a short box of its own: the page that is open is in sight there. */
function reveal(navigation) {
    const here = currentIn(navigation);
    if (here && navigation.scrollHeight > navigation.clientHeight) {
        navigation.scrollTop = here.offsetTop - navigation.offsetTop - navigation.clientHeight / 2;
    }
}
