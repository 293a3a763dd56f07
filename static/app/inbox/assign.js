import { colleagues, teams } from "../colleagues.js";
import { combobox } from "../../ui/combobox.js";
import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";

let made = 0;

const choice = (label, name, all, value) => {
    const id = `assign-${++made}`;
    const search = async (said) => (await all())
        .filter((one) => one.name.toLowerCase().includes(said.toLowerCase()))
        .map((one) => ({ id: one.id, text: one.name }));
    const box = combobox({ id, name, describedBy: `${id}-error`, search, value: value ? { id: value, text: "…" }
        : null });
    if (value) all().then((found) => box.restore({ id: value, text: found.find((one) => one.id === value)?.name
        ?? "–" }));
    const element = h("div", { class: "field", "data-name": name }, h("label", { for: id }, label), box.element,
        h("p", { class: "fault", id: `${id}-error` }));
    return { element, get: () => box.get()?.id ?? null };
};

/** Asks who is to look after something; `save({person, team})` gets ids, or null for nobody. */
export function askAssign({ title, person = null, team = null, save }) {
    const who = choice(t("Person"), "person", colleagues, person), which = choice(t("Team"), "team", teams, team);
    const { close } = dialog({
        title,
        content: () => form({ action: t("Assign"), async submit() {
            await save({ person: who.get(), team: which.get() });
            close();
        } }, h("p", { class: "quiet" }, t("Leave both empty to unassign.")), who.element, which.element),
    });
}
