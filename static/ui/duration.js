import { number } from "./format.js";

/** Says how long something took: "240 ms", "3.2 s", "5 min". */
export function took(start, end) {
    if (!start || !end) return "–";
    const ms = new Date(end) - new Date(start);
    if (ms < 1000) return `${number(ms)} ms`;
    if (ms < 60_000) return `${number(Math.round(ms / 100) / 10)} s`;
    const [size, unit] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"]].find(([size]) => ms >= size);
    return `${number(Math.round(ms / size))} ${unit}`;
}

/** A time by its two largest units: "40 s", "5 min", "1 h 30 min", "2 d 3 h". */
export function lasting(seconds) {
    if (seconds === null || seconds === undefined) return "–";
    if (seconds < 60) return `${number(Math.round(seconds))}\u00a0s`;
    const inTwo = (whole, size, [large, small]) => {
        const rest = whole % size;
        const first = `${number((whole - rest) / size)}\u00a0${large}`;
        return rest === 0 ? first : `${first} ${number(rest)}\u00a0${small}`;
    };
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${number(minutes)}\u00a0min`;
    if (minutes < 1440) return inTwo(minutes, 60, ["h", "min"]);
    return inTwo(Math.round(seconds / 3600), 24, ["d", "h"]);
}
