import { may } from "../api.js";
import { composer } from "../campaigns/composer.js";
import { accountHours, networkRules, postActions, postCheck, postMedia, postStanding } from "../campaigns/posting.js";
import { pagesOf } from "../records/pages.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const pages = pagesOf("social-posts", {
    list: {
        actions: () => [
            h("a", { class: "button", href: "#/calendar" }, t("Calendar")),
            may("social_posts:write") && h("a", { class: "button primary", "data-key": "n",
                href: "#/social-posts/new" }, t("New post")),
        ],
    },
    record: {
        actions: postActions, panels: (one, tools) => [postStanding(one, tools), postCheck(one, tools), postMedia(one, tools)],
    },
});

/** Posts: as their networks will show them, when they leave, and where they stand; a new one is written on its own page. */
export const posts = { ...pages, newRecord: composer };

/** Accounts at networks: the hours at which their posts do best, and what fits there. */
export const accounts = pagesOf("social-accounts", {
    record: { panels: (one, tools) => [accountHours(one, tools), networkRules(one, tools)] },
});
