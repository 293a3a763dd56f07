import { controlForm } from "../controls/controls.js";
import { operate } from "../records/ask.js";
import { dialog } from "../../ui/dialog.js";
import { fill, h, quiet } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { called, plural, t } from "../../ui/words.js";

const ways = ["preferred", "email", "whatsapp", "messenger", "instagram", "telegram", "sms"];

/** Only what is approved may leave; whom the rest would reach can be seen all the same. */
export const isGiven = ({ status }) => ["approved", "scheduled", "published"].includes(status);

const fields = () => [
    { name: "segment_id", label: t("Segment"), type: "record", refers: "segments",
        help: t("Empty: all leads that are not archived or won.") },
    { name: "channel", label: t("Channel"), type: "choice", options: ways.map((one) => [one, words(one)]),
        required: true },
    { name: "at", label: t("Not before"), type: "instant",
        help: t("Empty: now, and for each at the hour that they like.") },
];

/** Sends a content item to those whom it is for, after showing who would get it, or shows that alone. */
export function askDistribute(item, reload) {
    const path = `/v1/content-items/${encodeURIComponent(item.id)}/distribute`;
    const shown = h("div", polite);
    const bodyOf = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
    const look = async ({ values }) => {
        fill(shown, drawPreview(await operate(path, { body: { ...bodyOf(values), preview: true } })));
    };
    const send = async ({ values }) => {
        const { id } = await operate(path, { body: bodyOf(values) });
        close();
        toast(t("The content is on its way"),
            { text: t("View distribution"), href: `#/distributions/${encodeURIComponent(id)}` });
        await reload();
    };
    const seeing = t("Preview readers");
    const { close } = dialog({
        title: isGiven(item) ? t("Send content?") : seeing, wide: true,
        content: () => controlForm({
            fields: fields(), values: { segment_id: item.segment_id, channel: "preferred" }, tail: shown,
            ...(isGiven(item) ? { action: t("Send content"), save: send, second: { action: seeing, run: look } }
                : { action: seeing, save: look, lead: quiet(t("It can be sent as soon as it is approved.")) }),
        }),
    });
}

function drawPreview({ matched, would_send: count, skipped, examples }) {
    return [
        h("p", {}, h("strong", {}, plural(count, "{count} person would get it", "{count} people would get it")), " ",
            t("of {all} who were looked at.", { all: number(matched) })),
        drawSkipped(skipped),
        examples.map(({ subject, text }) => h("details", { class: "fold" },
            h("summary", { dir: "auto" }, subject), h("p", { class: "said", dir: "auto" }, text))),
    ];
}

/** Draws the number of people who do not get it, by the reason. */
export function drawSkipped(skipped) {
    if (!skipped.length) return null;
    const people = figure(t("People"));
    return table(t("Left out"), [t("Reason"), people], skipped.map(({ code, count }) => h("tr", {},
        h("th", { scope: "row" }, called(`held.${code}`) ?? words(code)),
        cell(t("People"), number(count)))), "stacked");
}
