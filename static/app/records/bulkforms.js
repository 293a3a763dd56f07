import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";
import { ask } from "./ask.js";
import { control } from "./control.js";
import { isEditable } from "./inplace.js";

/* Asks before many records are changed at once. */

export function askTag(kind, then) {
    const { close } = dialog({
        title: t("Add tag"),
        content: () => form({ action: t("Add tag"), async submit({ tag }) {
            const said = tag.trim();
            if (!said) throw { errors: [{ pointer: "/tag", detail: t("Enter a tag.") }] };
            close();
            await then(said);
        } }, field(t("Tag"), "tag", { required: true, autofocus: true, maxlength: 100 })),
    });
}

export function askAssign(assigned, then) {
    ask({
        title: t("Assign"), action: t("Assign"), fields: [{ ...assigned, label: t("Person"), required: false }],
        async run(read) {
            setTimeout(() => then(read[assigned.name] ?? null));
        },
    });
}

/** One field, and what it is to say everywhere. */
export function askChange(kind, then) {
    const fields = [...kind.fields.values()].filter((one) => isEditable(kind, one) && one.name !== kind.name);
    const place = h("div");
    let made = null;
    const choose = (name) => {
        made = control({ ...kind.fields.get(name), required: false }, null);
        place.replaceChildren(made.element);
    };
    const which = field(t("Field"), "field", {
        control: "select", options: fields.map(({ name, label }) => [name, label]),
    });
    which.querySelector("select").addEventListener("change", ({ target }) => choose(target.value));
    choose(fields[0].name);
    const { close } = dialog({
        title: t("Change field"),
        content: () => form({ action: t("Change field"), async submit({ field: name }) {
            const value = made.get();
            close();
            await then(kind.fields.get(name), value);
        } }, which, place),
    });
}
