import { call, forgetMe, may, whoAmI } from "../api.js";
import { draftOf, keepDraft } from "../drafts.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";

/* The parts that the steps of the first start are made of. */

/**
 * A form of a step: what is typed stays when somebody goes back or looks elsewhere, until it is saved. `save` gets the
 * values by name.
 */
export function stepForm(name, { save, next, skip }, ...children) {
    const draft = `first start ${name}`;
    const element = form({ action: t("Continue"), async submit(values, notice) {
        if (await save(values, notice) === false) return;
        keepDraft(draft, {});
        next();
    } }, children);
    const boxes = () => [...element.elements].filter(({ name, type }) => name && type !== "password");
    const kept = draftOf(draft) ?? {};
    for (const box of boxes()) box.value = kept[box.name] ?? box.value;
    element.addEventListener("input", () =>
        keepDraft(draft, Object.fromEntries(boxes().map((box) => [box.name, box.value]))));
    element.querySelector(".actions").append(skip);
    return element;
}

/** Saves settings of the agency; whoever may not goes on without. */
export async function saveSettings(body) {
    if (!may("settings:write")) return;
    await call("/v1/settings", { method: "PATCH", body });
    // Its currency and language are among what is known of the reader.
    forgetMe();
    await whoAmI();
}
