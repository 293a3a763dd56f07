import slices from "../slices/index.js";
import { may } from "./api.js";

/*
 * What the parts of the console say of themselves (static/slices). Each is optional:
 * entries() [{group, label, path, permission, count}], kinds {plural: loader or null}, searches [plural],
 * views {pattern: loader of a view}, record {type: parts or a loader of them}, places {type: path below which one is
 * shown}, lists {type: path}, moved {former path: path}, counts {name: {permission, path, on}},
 * palette() [{text, path or run, permission, makes}]: what can be made or done from everywhere; pages that only the
 * search finds are in static/slices/pages,
 * today() [{permission, draw(context), waits(signal)}]: a part of Today, or what waits for the reader (today/).
 */

const allowed = ({ permission }) => !permission || may(permission);
const listed = (part) => slices.flatMap((slice) => slice[part]?.() ?? []).filter(allowed);
const merged = (part) => Object.assign({}, ...slices.map((slice) => slice[part] ?? {}));

export const entries = () => listed("entries");
export const paletteEntries = () => listed("palette");
export const todayParts = () => listed("today");

export const views = merged("views");
export const kindViews = merged("kinds");

/** The lists that the search looks through: those with pages, and what parts name in `searches`. */
export const searchedKinds = () => [...Object.keys(kindViews), ...slices.flatMap(({ searches }) => searches ?? [])];

export const places = merged("places");
export const lists = merged("lists");
export const moved = merged("moved");
export const counts = merged("counts");

/** Returns what parts add to the page of a kind of record, by its type: [{tabs, actions, panels}]. */
export const recordParts = (type) => Promise.all(slices.map(({ record }) => record?.[type]).filter(Boolean)
    .map(async (parts) => (typeof parts === "function" ? (await parts()).default : parts)));
