/* How well text is read on a colour, as WCAG 2.2 measures it. */

const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

const luminance = (colour) => {
    const [red, green, blue] = parts(colour).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

export function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

/** The colour itself, or as dark as white text on it needs. */
export function readable(colour) {
    let found = colour;
    for (let share = 0.95; contrast(found, "#ffffff") < 4.5; share -= 0.05) {
        const darker = parts(colour).map((value) => Math.round(value * share).toString(16).padStart(2, "0"));
        found = `#${darker.join("")}`;
    }
    return found;
}
