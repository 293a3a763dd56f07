import { words } from "../ui/format.js";
import { called } from "../ui/words.js";

/** What an agent or a tool is called, and what it does: in the reader's language, or else as the server says it. */
export const titleOf = ({ name, title }) => (called(name) ? words(name) : title ?? words(name));
export const purposeOf = ({ name, purpose, summary }) => called(`${name}.purpose`) ?? purpose ?? summary;

/** What a choice is called: as its kind `said` it, by its code in the reader's language, or as the server says it. */
export const choiceOf = ({ value, label, said }) => said ?? (called(value) || !label ? words(value) : label);

/** What a source of leads or facts is called. */
export const sourceTitle = ({ name, title }) => called(`source.${name}`) ?? title ?? words(name);

/** What the agency calls a schedule; those that were there from the beginning, in the reader's language. */
export const scheduleName = ({ name, agent }) => (name ? called(name) ?? name : words(agent));

/** What a value of a field is called. */
export const wordsIn = ({ choices }, value) => choices?.find((one) => one.value === value)?.said ?? words(value);
