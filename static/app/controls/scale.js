/* Numbers that people enter in another unit than the API has: percent for shares, or for hundredths of a percent. */

/** Returns an entered number as the API has it: its smaller units are whole. */
export const scaled = (entered, scale) =>
    (scale > 1 ? Math.round(entered * scale) : Number((entered * scale).toPrecision(12)));

/** Returns a number of the API as people enter it. */
export const unscaled = (value, scale) => Number((value / scale).toPrecision(12));
