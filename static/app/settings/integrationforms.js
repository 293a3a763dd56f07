import { call } from "../api.js";
import { quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";
import { labelOf } from "./providers.js";

const windows = () => [
    ["minute", t("Calls per minute")], ["hour", t("Calls per hour")], ["day", t("Calls per day")],
    ["month", t("Calls per month")],
];

export function limitsForm({ limits }, at, done) {
    return form(
        {
            action: t("Save"), isPrimary: false,
            async submit(entered) {
                const read = windows().map(([per]) => [per, readCount(per, entered[per])]);
                // Without If-Match: every test of the service changes the version, and nobody's limits.
                await call(at, { method: "PATCH", body: { limits: Object.fromEntries(read) } });
                await done(t("Saved"));
            },
        },
        quiet(t("Calls beyond a limit wait, or go to another integration. Leave empty for no limit.")),
        windows().map(([per, label]) => field(label, per, { inputmode: "numeric", value: limits?.[per] ?? "" })));
}

function readCount(per, text) {
    if (text.trim() === "") return null;
    const value = Number(text.trim());
    if (Number.isInteger(value) && value >= 0) return value;
    const detail = t("Enter a whole number of 0 or more.");
    throw { title: t("Not saved."), detail, errors: [{ pointer: `/${per}`, detail }] };
}

/** New credentials, while the old ones are good for some time more. */
export function rotationForm({ has_credentials: names }, at, done) {
    const overlaps = [["PT1H", t("1 hour")], ["P1D", t("1 day")], ["P7D", t("7 days")], ["PT0S", t("Not at all")]];
    return form(
        {
            action: t("Save"), isPrimary: false,
            async submit({ overlap, expire_at: expire, ...entered }) {
                const credentials = Object.fromEntries(Object.entries(entered).filter(([, value]) => value));
                const until = expire && { expire_at: new Date(expire).toISOString() };
                await call(`${at}/rotate`, { method: "POST", body: { credentials, overlap, ...until } });
                await done(t("Credentials changed"));
            },
        },
        names.map((name) => field(labelOf(name), name, {
            type: "password", autocomplete: "off", hint: t("Leave empty to keep the current value."),
        })),
        field(t("Keep old credentials valid for"), "overlap", { control: "select", value: "PT1H", options: overlaps }),
        field(t("The new ones expire on"), "expire_at", { type: "date",
            hint: t("You are reminded two weeks before.") }));
}
