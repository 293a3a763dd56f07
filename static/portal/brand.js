import { send } from "../app/http.js";
import { withQuery } from "../app/api.js";

/* How the agency looks: its name, its logo, its colour, which is kept readable on either ground. */

let look = { name: "Client portal", slug: null, color: "#1f4e79", logo_url: null };

export const brand = () => look;

/** The agency that the address names, or else its host does, or whoever is signed in; else it looks like nobody's. */
export async function loadBrand(slug = new URLSearchParams(location.search).get("agency")) {
    try {
        look = await (await send(withQuery("/v1/portal/brand", { slug }))).json();
    } catch {
        return; // The pages work without it.
    }
    paint();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => look.slug && paint());

function paint() {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const accent = readable(parse(look.color), isDark ? [23, 30, 27] : [226, 232, 226], isDark);
    const style = document.documentElement.style;
    style.setProperty("--accent", text(accent));
    const onWhite = contrast(accent, [255, 255, 255]), onBlack = contrast(accent, [0, 0, 0]);
    style.setProperty("--on-accent", onWhite >= onBlack ? "#fff" : "#000");
    style.setProperty("--wash", text(mix(accent, isDark ? [23, 30, 27] : [255, 255, 255], 0.88)));
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
