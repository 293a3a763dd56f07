import { fileField, upload } from "../delivery/documents.js";
import { ask, asked } from "../records/ask.js";
import { number } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/** Asks for a picture or film, with what it shows and which part of a film; hands the medium and its file's name on. */
export const askForMedium = (run, more) => ask({
    title: t("Add picture or film"), action: t("Add"), ...more,
    fields: [
        fileField("file", t("File")),
        asked.long("alt_text", t("What it shows"), { help: t("For those who do not see it; needed for pictures.") }),
        asked.number("start_seconds", t("From second"), { help: t("Of a film: what is before is left out.") }),
        asked.number("end_seconds", t("To second"), { help: t("Of a film: what is behind is left out.") }),
    ],
    async run({ file, alt_text, start_seconds: start, end_seconds: end }) {
        const { id, name } = await upload(file);
        await run({
            file_id: id, alt_text: alt_text ?? "", ...(start != null && { start_seconds: start }),
            ...(end != null && { end_seconds: end }),
        }, name);
    },
});

/** Which part of a film is shown, in words; null: all of it. */
export function partOf({ start_seconds: start, end_seconds: end }) {
    if (start == null && end == null) return null;
    return end == null ? t("From second {start}", { start: number(start) })
        : t("Seconds {start} to {end}", { start: number(start ?? 0), end: number(end) });
}

/** Tells what becomes of a picture or film on its way to the network. */
export function madeOf({ converted, width, height, seconds }) {
    const size = { width: number(width), height: number(height), seconds: number(Math.round(seconds ?? 0)) };
    if (seconds == null) {
        return converted ? t("Made for the network: {width} × {height}", size)
            : t("As it is: {width} × {height}", size);
    }
    return converted ? t("Made for the network: {width} × {height}, {seconds} s", size)
        : t("As it is: {width} × {height}, {seconds} s", size);
}
