import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";
import { isWithin } from "./entries.js";
import { keyPlaces } from "./keys.js";

const others = () => [
    [t("Ctrl K"), t("Search everything")], ["?", t("This list")], ["n", t("New record in this list")],
    ["/", t("Search this list")], ["j  k", t("Next and previous row")], ["Enter", t("Open the row")],
    ["x", t("Select the row")], ["e", t("Edit")], ["m", t("Move")], ["a", t("Assign")], ["r", t("Reply")],
    ["c", t("Close the conversation")], ["[  ]", t("Previous and next record")],
    [t("Ctrl Enter"), t("Save or send")], ["Esc", t("Close")],
];

const isHere = (href) => isWithin(href, location.hash.slice(1).split("?")[0]);

export function showKeys() {
    const line = ([key, text]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text));
    const here = Object.entries(keyPlaces())
        .filter(([, [, href]]) => document.querySelector(`#side a[href="${href}"]`));
    dialog({
        title: t("Keyboard shortcuts"),
        content: () => h("div", { class: "key-list" },
            h("dl", {}, others().map(line)),
            h("dl", {}, here.map(([key, [text, href]]) =>
                line([`g ${key}`, isHere(href) ? t("{page} (here)", { page: text }) : text])))),
    });
}
