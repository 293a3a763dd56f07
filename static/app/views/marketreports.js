import { pagesOf } from "../records/pages.js";
import { told } from "../sentences.js";
import { h, section } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Reports on the market: what a month has shown, in the reader's language. */
export const { list, newRecord, record, editRecord } = pagesOf("market-reports", {
    record: { facts: ["text", "findings"], panels },
});

function panels({ text, findings }) {
    return section(t("Findings"), {}, findings.length === 0 ? h("p", { dir: "auto" }, told(text))
        : h("ul", { class: "plain" }, findings.map(({ title, recommendation }) =>
            h("li", { dir: "auto" }, h("strong", {}, told(title)), " ", told(recommendation)))));
}
