import { call, get, withQuery } from "../api.js";
import { keyDateCountries } from "../calendar/filters.js";
import { ask } from "../controls/controls.js";
import { ask as confirmed } from "../records/ask.js";
import { paged, toTable } from "../paging.js";
import { shownOnce } from "../settings/keys.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { menuButton } from "../../ui/menu.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const all = "/v1/content-calendar/feeds";
const pathOf = ({ id }) => `/v1/content-calendar/feeds/${encodeURIComponent(id)}`;
const nameOf = ({ name }) => name || t("Calendar link");

/** The links by which calendar programs read the content calendar: made, named and withdrawn. */
export function feeds({ signal }) {
    const page = (cursor) => get(withQuery(all, { limit: 50, cursor }), signal);
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("There are no links yet."));
        const row = (one) => drawFeed(one, place.reload);
        const list = table(t("Calendar links"), [t("Name"), t("Created"), ""], first.data.map(row), "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    return section(t("Calendar links"), {},
        quiet(
            t("A calendar program that has a link shows what is told when. Anyone who has the link needs no password.")),
        h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askFeed(place.reload) }, t("New calendar link"))),
        place);
}

function drawFeed(one, reload) {
    return h("tr", {},
        h("th", { scope: "row", dir: "auto" }, nameOf(one)),
        h("td", { "data-label": t("Created") }, ago(one.created_at)),
        h("td", {}, menuButton(t("Change"), () => [
            { text: t("Edit"), run: () => askChange(one, reload) },
            { text: t("Withdraw link"), run: () => askWithdrawal(one, reload) },
        ], { class: "small" })));
}

const fields = () => [
    { name: "name", label: t("Name"), maxlength: 200, help: t("Whose calendar program reads it.") },
    { name: "country", label: t("Key dates of"), type: "choice", options: keyDateCountries(), none: t("No country") },
];

function askFeed(reload) {
    const { close } = ask({
        title: t("New calendar link"), action: t("Create"), fields: fields(),
        async save({ values }) {
            const made = await (await call(all, { method: "POST", body: values })).json();
            reload();
            return shownOnce(t("Link for a calendar program"), new URL(made.url, location.origin).href, close);
        },
    });
}

function askChange(one, reload) {
    ask({
        title: t("Edit calendar link"), fields: fields(), values: one, told: t("Calendar link saved"),
        onSaved: reload,
        async save({ changed }) {
            const headers = { "If-Match": `"${one.version}"` };
            await call(pathOf(one), { method: "PATCH", body: changed, headers });
        },
    });
}

function askWithdrawal(one, reload) {
    confirmed({
        title: t("Withdraw calendar link?"), action: t("Withdraw link"), isGrave: true,
        text: t("Calendar programs that read {name} find nothing any more.", { name: nameOf(one) }),
        said: t("Calendar link withdrawn"),
        run: () => call(pathOf(one), { method: "DELETE" }).then(reload),
    });
}
