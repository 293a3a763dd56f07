import { tenant, whoIsMe } from "../api.js";
import { fill, h } from "../../ui/dom.js";
import { markCurrent, setUnfolded, spokenAs, titled } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { entryGroups, isWithin } from "./entries.js";

const side = document.getElementById("side");

/** Draws the entries once for whoever is signed in. */
export function drawSidebar() {
    const entry = ({ label, path, count }) => h("li", {}, h("a", { href: `#${path}` }, label,
        count && h("span", { class: "count", "data-waiting": count, hidden: true })));
    const group = ([title, entries], index) => {
        const id = `group-${index}`;
        return [
            title && h("p", { class: "group-title", id }, title),
            h("ul", titled(title && id), entries.map(entry)),
        ];
    };
    const client = whoIsMe()?.client;
    const [first, ...others] = entryGroups();
    const last = others.pop();
    fill(side,
        h("nav", spokenAs(t("Main")),
            h("p", { class: "agency" },
                h("img", { src: new URL("../../favicon.svg", import.meta.url).pathname, alt: "", width: 24, height: 24 }),
                h("span", {}, h("strong", { dir: "auto" }, tenant().name ?? "Bureau"),
                    client && h("span", { class: "quiet", dir: "auto" }, t("Only {client}", { client: client.name })))),
            group(first, 0), others.map((one, index) => group(one, index + 1)),
            h("ul", { class: "last" }, last[1].map(entry))));
}

export function clearSidebar() {
    fill(side);
}

/** Marks where the reader is. */
export function markEntry(path) {
    const links = [...side.querySelectorAll("nav a")], address = (link) => link.getAttribute("href");
    // An entry may lie below another one: the nearest is meant.
    const [here] = links.filter((link) => isWithin(address(link), path))
        .sort((one, other) => address(other).length - address(one).length);
    for (const link of links) markCurrent(link, link === here);
    fold();
}

const menu = () => document.querySelector("#top .menu-button");

export function unfold() {
    if (side.classList.contains("open")) return fold();
    side.classList.add("open");
    setUnfolded(menu(), true);
    side.querySelector("nav a")?.focus();
}

function fold() {
    if (!side.classList.contains("open")) return;
    const isInside = side.contains(document.activeElement);
    side.classList.remove("open");
    setUnfolded(menu(), false);
    if (isInside) menu()?.focus();
}

side.addEventListener("keydown", (event) => event.key === "Escape" && fold());
document.addEventListener("pointerdown", ({ target }) => {
    if (!side.contains(target) && !menu()?.contains(target)) fold();
});
