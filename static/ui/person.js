import { h } from "./dom.js";
import { unheard } from "./state.js";

/** The first letters of a name. */
export const initials = (name) => String(name).split(/\s+/).filter(Boolean).slice(0, 2)
    .map((part) => part[0].toUpperCase()).join("") || "?";

/** The same, for the eye, where the name stands beside it. */
export const avatar = (name) => h("span", { class: "avatar", ...unheard }, initials(name));
