import { wholeCatalogue } from "./frame/language.js";

/* Loads what the first view does without, the rest of the words and of the styles, and all that waits for it. */

const sheets = ["views", "lists", "support", "marketing"]
    .map((name) => new URL(`../ui/${name}.css`, import.meta.url).pathname);

const style = (href) => new Promise((resolve, reject) => {
    const known = document.head.querySelector(`link[href="${href}"]`);
    if (known?.sheet) return resolve();
    known?.remove();
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: () => {
        link.remove();
        reject(new Error(href));
    } });
    document.head.append(link);
});

let styles = null;

/** A sheet that was not to be had is asked for again by whatever needs it next. */
const styled = () => (styles ??= Promise.all(sheets.map(style)).catch((problem) => {
    styles = null;
    throw problem;
}));

/** Loads a module that the first view does not need, with what it stands on. */
export async function later(load) {
    const [module] = await Promise.all([load(), styled(), wholeCatalogue()]);
    return module;
}
