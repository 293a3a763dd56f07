import { h } from "./dom.js";
import { ago } from "./when.js";

/**
 * Draws events, a line each: {what, of, at, more}, what it was, what it was about, when, and what stands below it.
 * An element as its time is shown as it is.
 */
export const timeline = (lines, attributes) => h("ol", { class: "feed", ...attributes }, lines.map(line));

const line = ({ what, of, at, more }) => h("li", {}, h("span", { class: "what", dir: "auto" }, what),
    of && h("span", { class: "of", dir: "auto" }, of), at && (at instanceof Node ? at : ago(at)), more);
