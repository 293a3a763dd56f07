import { t } from "../../ui/words.js";
import { onlyRead } from "./agency.js";
import { hoursFields, settingsSection } from "./parts.js";

/** When people work, which days are off, and when nothing is sent. */
export const hours = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("Business hours"), { signal, query, fields: () => [
        { name: "business_hours", label: t("Days and times"), type: "group", fields: hoursFields(),
            help: t("SLA targets count these hours only, where they are set so. Empty times: at any time.") },
    ], body: ({ business_hours: next }) => ({ business_hours: next?.from && next?.to ? next : null }) }),
    settingsSection(t("Holidays"), { signal, query, shown: holidaysOf, fields: () => [
        { name: "single", label: t("Days off"), type: "rows", item: t("Day off"), isLine: true,
            fields: [{ name: "", label: t("Date"), type: "date" }] },
        { name: "yearly", label: t("Days off every year"), type: "list", isLong: false,
            help: t("Month and day, such as 12-25. Separate with commas.") },
    ], body: withHolidays }),
    settingsSection(t("Quiet hours"), { signal, query, fields: () => [
        { name: "quiet_hours", label: t("Nothing is sent between"), type: "group", isLine: true,
            help: t("In the recipient's own day. Empty times: messages go out at any time."), fields: [
                { name: "from", label: t("From"), type: "time" }, { name: "to", label: t("To"), type: "time" },
            ] },
    ], body: ({ quiet_hours: next }) => ({ quiet_hours: next?.from && next?.to ? next : null }) }),
];

const holidaysOf = ({ business_hours: now }) => {
    const all = now?.holidays ?? [];
    return { single: all.filter((day) => day.length > 5), yearly: all.filter((day) => day.length === 5) };
};

function withHolidays(changed, settings) {
    const { single, yearly } = { ...holidaysOf(settings), ...changed };
    const holidays = [...single.filter(Boolean), ...yearly].sort();
    return { business_hours: { days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00", ...settings.business_hours,
        holidays } };
}
