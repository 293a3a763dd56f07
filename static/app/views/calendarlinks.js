import { feeds } from "../content/feeds.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** The links by which calendar programs read the calendar. */
export const calendarLinks = ({ signal }) => ({
    title: t("Calendar links"),
    content: [
        h("p", { class: "links crumbs" }, h("a", { href: "#/calendar" }, t("Calendar"))),
        h("h1", {}, t("Calendar links")), feeds({ signal }),
    ],
});
