import { call, get } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { dayOf } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Shows the decisions of a project, and how its work is done; the newest last. */
export function projectLog({ id }, { kind, signal }) {
    const place = pending(() => get(`/v1/projects/${encodeURIComponent(id)}/log?limit=100`, signal), ({ data }) =>
        data.length ? h("ul", { class: "plain" }, data.map(drawEntry)) : quiet(t("Nothing is written down yet.")),
    { signal });
    const add = () => ask({
        title: t("Write down"), action: t("Write down"), said: t("Written down"),
        fields: [
            asked.choice("kind", t("Kind"), ["decision", "process"], { required: true }),
            asked.long("text", t("Text"), { required: true }),
        ],
        run: (body) => call(`/v1/projects/${encodeURIComponent(id)}/log`, { method: "POST", body }).then(place.reload),
    });
    return section(t("Decisions"), {}, place,
        kind.mayWrite && h("p", {}, h("button", { type: "button", class: "small", onclick: add }, t("Write down"))));
}

const drawEntry = ({ kind, text, created_at }) => h("li", { class: "row" },
    h("span", { dir: "auto" }, text),
    h("span", { class: "badges" }, badge(words(kind)), h("span", { class: "quiet" }, dayOf(created_at))));
