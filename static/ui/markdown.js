export { markdown } from "../portal/markdown.js";
