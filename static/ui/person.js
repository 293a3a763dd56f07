import { h } from "./dom.js";
import { initials } from "./format.js";
import { unheard } from "./state.js";

/** The first letters of a name, for the eye, where the name stands beside it. */
export const avatar = (name) => h("span", { class: "avatar", ...unheard }, initials(name));
