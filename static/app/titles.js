import { words } from "../ui/format.js";
import { called } from "../ui/words.js";

/**
 * Returns the name of an agent or a tool, in the reader's language, or else as the server says it; likewise what it
 * does.
 */
export const titleOf = ({ name, title }) => (called(name) ? words(name) : title ?? words(name));
export const purposeOf = ({ name, purpose, summary }) => called(`${name}.purpose`) ?? purpose ?? summary;

/** Returns a choice's name: as its kind `said` it, by its code in the reader's language, or as the server says it. */
export const choiceOf = ({ value, label, said }) => said ?? (called(value) || !label ? words(value) : label);

/** Returns the name of a source of leads or facts. */
export const sourceTitle = ({ name, title }) => called(`source.${name}`) ?? title ?? words(name);

/** Returns the agency's name for a schedule; those that were there from the beginning, in the reader's language. */
export const scheduleName = ({ name, agent }) => (name ? called(name) ?? name : words(agent));

/** Returns the name of a field's value. */
export const wordsIn = ({ choices }, value) => choices?.find((one) => one.value === value)?.said ?? words(value);
