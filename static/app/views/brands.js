import { call, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Brands: how content of the agency and its clients is written. */
export const { list, newRecord, record, editRecord } = pagesOf("brands", {
    list: {
        actions: () => may("brands:write") && h("button", { type: "button", onclick: fromGuidelines },
            t("Read guidelines")),
    },
});

/** Makes a brand of the rules that guidelines state: people look at them there, and correct them. */
function fromGuidelines() {
    ask({
        title: t("Read guidelines"), action: t("Make a brand of them"), wide: true,
        text: t("Rules such as “Never say …” are found in them, and become those of a new brand."),
        fields: [
            asked.text("name", t("Name"), { required: true }),
            asked.long("text", t("Guidelines"), { required: true, schema: { type: "string", maxLength: 200000 } }),
        ],
        async run({ name, text }) {
            const { rules } = await operate("/v1/brands/parse", { body: { text } });
            const answer = await call("/v1/brands", { method: "POST", body: { name, ...brandOf(rules) } });
            const { id } = await answer.json();
            location.hash = `#/brands/${encodeURIComponent(id)}`;
        },
        said: t("The brand is there: look at its rules."),
    });
}

function brandOf(rules) {
    const of = (kind) => rules.filter((rule) => rule.kind === kind);
    return {
        banned: [...new Set(of("banned").flatMap(({ banned }) => banned))],
        preferred: of("preferred").map(({ use, instead_of }) => ({ use, instead_of })),
        disclosures: of("disclosure").map(({ when, text }) => ({ when, text })),
        max_grade: of("max_grade").at(-1)?.max_grade ?? null,
    };
}
