/* The colour of an agency, kept readable: how well text is read on one is WCAG 2.2's ratio. */

const partsOf = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const hexOf = (parts) => `#${parts.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
const mix = (one, other, share) => one.map((value, index) => value + (other[index] - value) * share);
const [black, white] = [[0, 0, 0], [255, 255, 255]];

function luminance(parts) {
    const [red, green, blue] = parts.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

/** Returns how well one of two colours is read on the other: from 1 to 21. */
export const contrast = (one, other) => ratio(partsOf(one), partsOf(other));

/** The colour itself, or as dark as white text on it needs. */
export function readable(colour) {
    let found = colour;
    for (let share = 0.05; contrast(found, "#ffffff") < 4.5; share += 0.05) {
        found = hexOf(mix(partsOf(colour), black, share));
    }
    return found;
}

/** The colour, moved towards an end until text in it can be read on the ground. */
function readableOn(ground, colour, end) {
    for (let share = 0; share < 1; share += 0.05) {
        const moved = mix(colour, end, share);
        if (ratio(moved, ground) >= 4.6) return moved;
    }
    return end;
}

/** Grounds behind a page, and sheets on them, in light and dark. */
const schemes = [
    { name: "light", ground: [226, 232, 226], sheet: white, end: black },
    { name: "dark", ground: [42, 53, 47], sheet: [23, 30, 27], end: white },
];

/** Gives the page a colour of its own, for both schemes, of which the style sheet takes the reader's. */
export function colourPage(colour) {
    const { style } = document.documentElement;
    for (const { name, ground, sheet, end } of schemes) {
        const accent = readableOn(ground, partsOf(colour), end);
        style.setProperty(`--brand-${name}`, hexOf(accent));
        style.setProperty(`--on-brand-${name}`, ratio(accent, black) > ratio(accent, white) ? "#000" : "#fff");
        style.setProperty(`--brand-wash-${name}`, hexOf(mix(accent, sheet, 0.88)));
    }
}

/** An element on whose ground of this colour white text is read. */
export function coloured(element, colour) {
    element.style.setProperty("background", readable(colour));
    return element;
}
