import { call, get, may } from "../api.js";
import { record as recordControl } from "../controls/many.js";
import { mailFold } from "../mail.js";
import { told } from "../sentences.js";
import { alarm } from "../../ui/alarm.js";
import { dialog } from "../../ui/dialog.js";
import { badge, failure, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";
import { listPage } from "./parts.js";

const path = (id) => `/v1/templates/${encodeURIComponent(id)}`;

/** The texts that agents and sequences write with; each is shown as a person would get it. */
export const templates = listPage("templates", () => ({
    facts: ["body", "components"],
    panels: (one, { reload, signal, kind }) => [
        section(t("Text"), {}, one.subject && h("p", {}, h("strong", { dir: "auto" }, one.subject)),
            h("p", { class: "said", dir: "auto" }, one.body)),
        preview(one), results(one), versions(one, { reload, signal, mayWrite: kind.mayWrite }),
    ],
    below: ({ signal }) => standardTexts(signal),
}));

function results({ figures }) {
    if (!figures) return null;
    return section(t("What came of it"), {}, facts([
        [t("Sent"), number(figures.sent)], [t("Replied"), number(figures.replied)], [t("Won"), number(figures.won)],
        [t("Proven"), figures.proven ? t("Better than chance") : t("Too few to say")],
    ]));
}

/** The template as one contact or lead would get it, with what is wrong with it for them. */
function preview(one) {
    const shown = h("div");
    const draw = async (body) => {
        fill(shown, quiet(t("Loading…")));
        try {
            const found = await (await call(`${path(one.id)}/preview`, { method: "POST", body })).json();
            fill(shown, drawPreview(found));
        } catch (problem) {
            fill(shown, failure(problem));
        }
    };
    const pick = (name, label, refers) => recordControl({ name, label, refers,
        onPick: (item) => item && draw({ [name]: item.id }) }, null).element;
    return section(t("Preview"), {}, h("div", { class: "fields in-line" },
        may("contacts:read") && pick("contact_id", t("For contact"), "contacts"),
        may("leads:read") && pick("lead_id", t("For lead"), "leads")),
    h("p", {}, h("button", { type: "button", class: "small", onclick: () => draw({}) }, t("Preview for nobody"))),
        shown);
}

function drawPreview({ subject, text, html, warnings = [] }) {
    const toned = { error: "bad", warning: "warn", info: "" };
    return [
        warnings.length > 0 && h("details", { class: "fold" },
            h("summary", {}, plural(warnings.length, "{count} suggestion", "{count} suggestions")),
            h("ul", {}, warnings.map(({ severity, detail }) => h("li", {}, badge(words(severity), toned[severity]), " ",
                detail)))),
        h("div", { class: "preview" }, subject && h("p", {}, h("strong", { dir: "auto" }, subject)),
            h("p", { class: "said", dir: "auto" }, text), html && mailFold(html, t("Preview"))),
    ];
}

function versions(one, { reload, signal, mayWrite }) {
    const row = (version, index, all) => h("tr", {},
        h("th", { scope: "row" }, t("Version {number}", { number: number(version.version) }),
            index === 0 && [" ", badge(t("Current"), "good")]),
        h("td", {}, ago(version.created_at)),
        h("td", {}, index < all.length - 1 || index > 0 ? h("button", { type: "button", class: "small",
            onclick: () => compare(version, all[0]) }, t("Show")) : null,
        " ", index > 0 && mayWrite && h("button", { type: "button", class: "small", async onclick() {
            const body = { subject: version.subject, body: version.body };
            await call(path(one.id), { method: "PATCH", body }).then(() => toast(t("Version brought back")),
                (problem) => alarm(whyNot(problem)));
            await reload();
        } }, t("Bring back"))));
    return section(t("Versions"), {}, pending(() => get(`${path(one.id)}/versions`, signal), ({ data }) =>
        table(t("Versions"), [t("Version"), t("Made"), ""], data.map(row), "stacked"), { signal }));
}

/** A former text beside the one of now. */
function compare(old, now) {
    const part = (title, { subject, body }) => h("section", {}, h("h3", {}, title),
        subject && h("p", {}, h("strong", { dir: "auto" }, subject)), h("p", { class: "said", dir: "auto" }, body));
    dialog({ title: t("Version {number}", { number: number(old.version) }), wide: true, content: () =>
        h("div", { class: "side-by-side" }, part(t("Then"), old), part(t("Now"), now)) });
}

/** Shows the texts that are sent where no template of their kind exists. */
function standardTexts(signal) {
    const drawn = ({ kind, about, wordings }) => h("details", { class: "fold" }, h("summary", {}, words(kind)),
        h("p", {}, told(about)), wordings.map(({ locale, subject, body }) => h("div", { lang: locale }, h("h3", {}, subject),
            h("p", { class: "said" }, body))));
    return section(t("Standard texts"), {},
        quiet(t("Used until there is a template for the same purpose: name it under Used for.")),
        pending(() => get("/v1/standard-texts?limit=100", signal), ({ data }) => data.map(drawn), { signal }));
}
