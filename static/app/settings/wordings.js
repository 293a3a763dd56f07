import { keepInAddress } from "../address.js";
import { call, get, may } from "../api.js";
import { alarm } from "../../ui/alarm.js";
import { badge, fill, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { number } from "../../ui/format.js";
import { searching, spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";
import { languageName } from "./world.js";

const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da"];
const page = 40;

/** Bureau's own words to clients and contacts, sentence by sentence and language by language. */
export function wordings({ query, signal }) {
    let language = query.language ?? "en", said = query.q ?? "", onlyOwn = query.own === "1", texts = [], shown = page;
    const list = h("div");
    const search = field(t("Search a sentence"), "q", { type: "search", value: said });
    const choice = field(t("Language"), "language", { control: "select", value: language,
        options: languages.map((code) => [code, languageName(code)]) });
    const own = h("label", { class: "tick" }, h("input", { type: "checkbox", checked: onlyOwn, onchange({ target }) {
        onlyOwn = target.checked;
        again();
    } }), t("Only what we have changed"));
    const place = pending(() => get(`/v1/wordings/${encodeURIComponent(language)}`, signal), (found) => {
        texts = found.texts;
        draw();
        return list;
    }, { signal });

    const keep = () => keepInAddress({ language, q: said, own: onlyOwn ? "1" : "" });
    function again() {
        shown = page;
        keep();
        draw();
    }
    function draw() {
        const wanted = said.toLowerCase();
        const found = texts.filter(({ standard, text }) => (!onlyOwn || text !== null)
            && (text ?? standard).toLowerCase().includes(wanted));
        fill(list, quiet(plural(found.length, "{count} sentence", "{count} sentences")),
            found.length === 0 && empty(t("No sentence says this.")),
            h("ul", { class: "papers" }, found.slice(0, shown).map((one) => item(one, language))),
            found.length > shown && h("div", { class: "more" }, h("button", { type: "button", onclick() {
                shown += page;
                draw();
            } }, t("Show more ({count} left)", { count: number(found.length - shown) }))));
    }
    const item = (one) => {
        const element = h("li", {});
        const rest = () => fill(element,
            h("p", { class: "said", lang: language, dir: "auto" }, one.text ?? one.standard),
            h("div", { class: "actions" }, one.text !== null && badge(t("Changed by you"), "good"),
                may("settings:write") && h("button", { type: "button", class: "small", onclick: edit,
                    ...spokenAs(t("Change: {sentence}", { sentence: (one.text ?? one.standard).slice(0, 60) })) },
                t("Change"))));
        function edit() {
            fill(element, editor(one, language, rest));
            element.querySelector("textarea").focus();
        }
        rest();
        return element;
    };
    search.addEventListener("input", ({ target }) => {
        said = target.value;
        again();
    });
    choice.addEventListener("change", ({ target }) => {
        language = target.value;
        keep();
        place.reload();
    });
    return [
        quiet(t("What Bureau writes by itself: to clients, in the portal, in the chat. Say it your way.")),
        h("div", { class: "toolbar", ...searching(t("Wordings")) }, search, choice), own, place,
    ];
}

/** One sentence: the standard, one's own, and how it reads with values in their places. */
function editor(one, language, leave) {
    const path = `/v1/wordings/${encodeURIComponent(language)}/${encodeURIComponent(one.key)}`;
    const preview = h("p", { class: "preview said", dir: "auto" });
    const examples = { agency: t("Your agency"), link: "https://…", name: "Ida Seel", client: "Cedar & Pike" };
    const show = (text) => fill(preview, text.replaceAll(/\{(\w+)\}/g, (_, name) => examples[name] ?? name));
    const box = field(t("Our sentence"), "text", { control: "textarea", rows: 3, value: one.text ?? one.standard,
        lang: language, hint: one.arguments.length > 0 ? t("These are filled in: {names}",
            { names: one.arguments.map((name) => `{${name}}`).join(" ") }) : undefined });
    box.addEventListener("input", ({ target }) => show(target.value));
    show(one.text ?? one.standard);
    const back = one.text !== null && h("button", { type: "button", async onclick() {
        await call(path, { method: "DELETE" }).then(() => {
            one.text = null;
            toast(t("Back to the standard sentence"));
            leave();
        }, (problem) => alarm(whyNot(problem)));
    } }, t("Back to the standard"));
    const element = form({ action: t("Save"), isPrimary: false, async submit({ text }) {
        await call(path, { method: "PUT", body: { text } });
        one.text = text;
        toast(t("Sentence saved"));
        leave();
    } }, h("p", { class: "quiet" }, t("Standard:"), " ", h("span", { class: "said", lang: language }, one.standard)),
        box,
    h("p", { class: "hint" }, t("It reads like this:")), preview);
    element.querySelector(".actions").append(...[back, h("button", { type: "button", onclick: leave }, t("Cancel"))]
        .filter(Boolean));
    return element;
}
