import { call } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Lets everybody get one variant of a content item from now on, or again one by chance. */
export function adoptionActions({ id, version, variants, adopted_variant }, { kind, reload }) {
    if (!kind.mayWrite || variants.length < 2) return null;
    const path = `/v1/content-items/${encodeURIComponent(id)}`;
    const variant = asked.choice("variant", t("Variant"), variants.map(({ name }) => name), { required: true });
    variant.choices = variants.map(({ name }) => ({ value: name, label: name }));
    const adopt = () => ask({
        title: t("Use one variant for all?"), action: t("Use this variant"), said: t("The variant is in use"),
        text: t("Everybody who gets the content from now on gets this variant."), fields: [variant],
        async run(body) {
            await operate(`${path}/adopt`, { version, body });
            await reload();
        },
    });
    const undo = () => ask({
        title: t("Try all variants again?"), action: t("Try all variants"), said: t("All variants are tried"),
        text: t("Everybody who gets the content from now on gets a variant by chance."),
        async run() {
            await call(`${path}/adoption`, { method: "DELETE", headers: { "If-Match": `"${version}"` } });
            await reload();
        },
    });
    return adopted_variant
        ? h("button", { type: "button", onclick: undo }, t("Try all variants"))
        : h("button", { type: "button", onclick: adopt }, t("Use one variant"));
}
