import { send } from "../app/http.js";
import { withQuery } from "../app/api.js";
import { colourPage } from "../ui/colour.js";
import { t } from "../ui/words.js";

/* The agency's look: its name, its logo, its colour, which is kept readable on either ground. */

let look = { name: null, slug: null, color: "#1f4e79", logo_url: null, locale: null, languages: [] };

export const brand = () => ({ ...look, name: look.name ?? t("Client portal") });

/** The agency that the address names, or else its host does, or whoever is signed in; else it looks like nobody's. */
export async function loadBrand(slug = new URLSearchParams(location.search).get("agency")) {
    try {
        look = await (await send(withQuery("/v1/portal/brand", { slug }))).json();
    } catch {
        return; // The pages work without it.
    }
    colourPage(look.color);
}
