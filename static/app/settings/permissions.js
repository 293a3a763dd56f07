import { h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/* Permissions as boxes: one group for each kind of thing, with the rights that there are on it. */

const rights = () => ({
    read: t("See"), write: t("Change"), delete: t("Delete"), export: t("Export"), import: t("Import"),
    run: t("Start"), configure: t("Set up"), decide: t("Decide"), approve: t("Approve"), override: t("Overrule"),
    send: t("Send"),
});

/** Returns a right's name: "See" for "read". */
export const rightTitle = (right) => rights()[right] ?? words(right);

/** A control of permissions, of which one can give only those that one has. */
export function permissionTicks(one, value) {
    const chosen = new Set(value ?? []);
    const things = new Map();
    for (const permission of one.offered) {
        const thing = permission.split(":")[0];
        things.set(thing, [...things.get(thing) ?? [], permission]);
    }
    const fault = h("p", { class: "fault" });
    const box = (permission) => {
        const right = permission.split(":")[1];
        return h("label", { class: "tick" },
            h("input", { type: "checkbox", value: permission, checked: chosen.has(permission),
                ...spokenAs(`${words(permission.split(":")[0])}: ${rights()[right] ?? words(right)}`) }),
            rights()[right] ?? words(right));
    };
    const line = ([thing, permissions]) => h("div", { class: "permission-line" },
        h("span", {}, words(thing)), h("span", { class: "permission-rights" }, permissions.map(box)));
    const all = (isWanted) => () => {
        for (const input of element.querySelectorAll("input")) input.checked = isWanted(input.value);
    };
    const pick = (text, isWanted) => h("button", { type: "button", class: "small", onclick: all(isWanted) }, text);
    const element = h("fieldset", { class: "permissions" }, h("legend", {}, one.label),
        h("div", { class: "actions" }, pick(t("Tick all to see"), (code) => code.endsWith(":read")),
            pick(t("Tick everything"), () => true), pick(t("Tick nothing"), () => false)),
        [...things].sort(([a], [b]) => words(a).localeCompare(words(b))).map(line), fault);
    const read = () => [...element.querySelectorAll("input:checked")].map((input) => input.value);
    return { name: one.name, element, get: read, at: () => ({ fault }) };
}

/** Permissions in a line for each thing: "Leads: see, change". */
export function permissionList(permissions) {
    const things = Map.groupBy(permissions, (permission) => permission.split(":")[0]);
    return h("ul", { class: "plain" }, [...things].map(([thing, codes]) => h("li", {}, h("strong", {}, words(thing)),
        ": ",
        codes.map((code) => (rights()[code.split(":")[1]] ?? words(code.split(":")[1])).toLowerCase()).join(", "))));
}
