import { feeds } from "../content/feeds.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** The links by which calendar programs read the calendar. */
export const calendarLinks = ({ signal }) => ({
    title: t("Calendar links"),
    content: [
        h("p", { class: "links crumbs" }, h("a", { href: "#/calendar" }, t("Calendar"))),
        h("h1", {}, t("Calendar links")), feeds({ signal }),
    ],
});
