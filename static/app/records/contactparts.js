import { call, get, may } from "../api.js";
import { ask } from "../controls/controls.js";
import { choicesOf, likes, likeText, likeValue, statedOf } from "../likes.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { percent, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { plural, t } from "../../ui/words.js";
import { engagement } from "./engagement.js";
import emailstatus from "./emailstatus.js";
import { identities } from "./identities.js";

const pathOf = (id) => `/v1/contacts/${encodeURIComponent(id)}/preferences`;

/** Shows what a contact likes to be sent, each with where that is known from. */
function preferences({ id }, { signal }) {
    const place = pending(() => get(pathOf(id), signal), (found) => [
        table(t("Preferences"), [t("Preference"), t("Value"), t("Source")], likes().map((like) =>
            row(like, found[like.name])), "stacked"),
        may("contacts:write") && h("div", { class: "actions" },
            h("button", { type: "button", onclick: () => change(id, found, place) }, t("State preferences"))),
    ], { signal });
    return section(t("Preferences"), {}, place);
}

const rest = ({ confidence, observations }) => [
    t("{share} sure", { share: percent(confidence) }), ", ", plural(observations, "{count} answer", "{count} answers"),
];

const row = (like, found) => h("tr", {},
    h("th", { scope: "row" }, like.label),
    h("td", { "data-label": t("Value") }, likeText(like, found.value),
        found.learned && quiet(t("Their answers suggest: {value}.", { value: likeText(like, found.learned.value) }))),
    h("td", { "data-label": t("Source") }, badge(found.source === "default" ? t("Usual") : words(found.source)),
        found.source === "learned" && quiet(rest(found)),
        found.learned && quiet(words("learned"), ": ", rest(found.learned))));

function change(id, found, place) {
    const said = statedOf(found);
    ask({
        title: t("State preferences"), told: t("Preferences saved"), onSaved: () => place.reload(),
        values: said,
        fields: likes().map((like) => ({
            ...like, options: like.many ? like.options : choicesOf(like, said[like.name]),
            type: like.many ? "ticks" : "choice", none: like.many ? undefined : t("Not stated"),
            read: like.name === "hour" ? Number : undefined,
        })),
        async save({ changed }) {
            const body = Object.fromEntries(likes().filter(({ name }) => name in changed)
                .map((like) => [like.name, likeValue(like, changed[like.name] ?? "")]));
            await call(pathOf(id), { method: "PATCH", body });
        },
    });
}

/** The additions to a contact's page. */
export default {
    ...emailstatus,
    panels: (record, tools) => may("contacts:read") && [
        engagement(record.id, tools), preferences(record, tools), identities(record, tools),
    ],
};
