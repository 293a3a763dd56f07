import { h } from "./dom.js";

/** A link for an address that came with data: anything but http and https stays plain text. */
export function outside(address) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !["http:", "https:"].includes(url.protocol)) return String(address);
    const text = url.host + (url.pathname === "/" ? "" : url.pathname);
    return h("a", { href: url.href, rel: "noopener noreferrer" }, text);
}
