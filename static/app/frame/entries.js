import { entries, paletteEntries } from "../slices.js";
import { t } from "../../ui/words.js";

/** The groups of the sidebar, in their order; what is in them comes from the parts of the console. */
const groups = () => [
    ["Top", null], ["Sales", t("Sales")], ["Clients", t("Clients")], ["Support", t("Support")],
    ["Marketing", t("Marketing")], ["Automation", t("Automation")], ["Insights", t("Insights")],
];

/** [title, [{label, path, count}]]: first what is for everyone, last the settings. */
export function entryGroups() {
    const all = [{ group: "Top", label: t("Today"), path: "/" }, ...entries()];
    const known = groups().map(([code, title]) => [title, all.filter(({ group }) => group === code)]);
    return [...known.filter(([, list]) => list.length > 0), [null, [{ label: t("Settings"), path: "/settings" }]]];
}

/** Whether a path belongs to an entry: its own pages and those below it. */
export const isWithin = (address, path) => {
    const start = address.replace(/^#/, "");
    return start === "/" ? path === "/" : path === start || path.startsWith(`${start}/`);
};

/** The actions from everywhere: [{text, href or run, makes}]. */
export const actions = () => paletteEntries().map((one) => ({ ...one, href: one.path && `#${one.path}` }));

/** The records that can be made from anywhere. */
export const makable = () => actions().filter(({ makes }) => makes);
