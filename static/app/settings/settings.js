import { fill, h } from "../dom.js";
import { isWithin, settingGroups } from "../frame/entries.js";
import { pages } from "./pages.js";

/** The settings: their own navigation, and beside it one page of them. */
export function settings(context) {
    const groups = settingGroups();
    const name = context.page ?? groups[0][1][0][1].split("/").at(-1);
    const found = groups.flatMap(([, entries]) => entries).find(([, href]) => href === `#/settings/${name}`);
    const link = ([text, href]) => h("li", {}, h("a", {
        href, "aria-current": isWithin(href, `/settings/${name}`) && "page",
    }, text));
    const navigation = h("nav", { "aria-label": "Settings", class: "settings-nav" },
        groups.map(([title, entries]) => [h("p", { class: "group-title" }, title), h("ul", {}, entries.map(link))]));
    const place = h("div", { class: "settings-page" });
    const title = context.page ? found?.[0] : "Settings";
    if (!found || !pages[name]) {
        fill(place, h("h1", {}, title ?? "Page not found"), h("p", {}, "There is no such page among the settings."));
        return { title: title ?? "Page not found", content: h("div", { class: "settings" }, navigation, place) };
    }
    const page = pages[name]({ ...context, title: found[0] });
    fill(place, h("h1", {}, title), page);
    return { title, content: h("div", { class: "settings" }, navigation, place) };
}
