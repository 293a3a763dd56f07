import { send } from "../app/http.js";
import { withQuery } from "../app/api.js";
import { t } from "../ui/words.js";

/* How the agency looks: its name, its logo, its colour, which is kept readable on either ground. */

let look = { name: null, slug: null, color: "#1f4e79", logo_url: null, locale: null, languages: [] };

export const brand = () => ({ ...look, name: look.name ?? t("Client portal") });

/** The agency that the address names, or else its host does, or whoever is signed in; else it looks like nobody's. */
export async function loadBrand(slug = new URLSearchParams(location.search).get("agency")) {
    try {
        look = await (await send(withQuery("/v1/portal/brand", { slug }))).json();
    } catch {
        return; // The pages work without it.
    }
    paint();
}

/** Both colours at once, of which the style sheet takes the one that the reader's scheme asks for. */
function paint() {
    const style = document.documentElement.style;
    const schemes = [["light", [226, 232, 226], [255, 255, 255]], ["dark", [42, 53, 47], [23, 30, 27]]];
    for (const [scheme, ground, sheet] of schemes) {
        const accent = readable(parse(look.color), ground, scheme === "dark");
        const isBright = contrast(accent, [0, 0, 0]) > contrast(accent, [255, 255, 255]);
        style.setProperty(`--brand-${scheme}`, text(accent));
        style.setProperty(`--on-brand-${scheme}`, isBright ? "#000" : "#fff");
        style.setProperty(`--brand-wash-${scheme}`, text(mix(accent, sheet, 0.88)));
    }
}

const parse = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
const text = (color) => `rgb(${color.map(Math.round).join(" ")})`;
const mix = (one, other, share) => one.map((value, index) => value + (other[index] - value) * share);

/** The colour, moved towards white or black until text in it can be read on the ground. */
function readable(color, ground, isDark) {
    const end = isDark ? [255, 255, 255] : [0, 0, 0];
    for (let share = 0; share < 1; share += 0.05) {
        const moved = mix(color, end, share);
        if (contrast(moved, ground) >= 4.6) return moved;
    }
    return end;
}

/** WCAG 2.2's ratio. */
function contrast(one, other) {
    const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (bright + 0.05) / (dark + 0.05);
}

function luminance(color) {
    const [red, green, blue] = color.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
