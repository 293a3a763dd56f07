import { h } from "../../ui/dom.js";
import { locale, t } from "../../ui/words.js";
import { weekdays } from "./parts.js";

/* When something happens again and again: what people say for the usual cases, and cron for the rest. */

const dayCodes = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const pad = (number) => String(number).padStart(2, "0");
const clock = (hour, minute) => `${pad(hour)}:${pad(minute)}`;

/** Reads the usual cron lines: {kind, time, day}; kind "own" for any other. */
export function readCron(cron) {
    if (["hourly", "0 * * * *"].includes(cron)) return { kind: "hourly" };
    if (cron === "every_2_hours") return { kind: "every_2_hours" };
    if (cron === "daily") return { kind: "daily", time: "09:00" };
    const [minute, hour, date, month, day] = (cron ?? "").split(" ");
    if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour ?? "") || month !== "*") return { kind: "own" };
    const time = clock(hour, minute);
    if (date === "*" && day === "*") return { kind: "daily", time };
    if (date === "*" && ["mon-fri", "1-5"].includes(day)) return { kind: "weekdays", time };
    const index = dayCodes.indexOf(day) + 1 || (/^[1-7]$/.test(day) ? Number(day) : 0);
    if (date === "*" && index) return { kind: "weekly", time, day: index };
    return /^\d+$/.test(date) && day === "*" ? { kind: "monthly", time, date: Number(date) } : { kind: "own" };
}

/** "Every Friday at 16:00". */
export function cronInWords(cron) {
    const { kind, time, day, date } = readCron(cron);
    const at = time && new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit", timeZone: "UTC" })
        .format(new Date(`2030-01-01T${time}:00Z`));
    const said = {
        hourly: () => t("Every hour"), every_2_hours: () => t("Every two hours"),
        daily: () => t("Every day at {time}", { time: at }), weekdays: () => t("Monday to Friday at {time}",
            { time: at }),
        weekly: () => t("Every {day} at {time}", { day: weekdays()[day - 1][1], time: at }),
        monthly: () => t("On day {date} of the month at {time}", { date, time: at }),
        own: () => t("At times of its own"),
    };
    return said[kind]();
}

const kinds = () => [
    ["hourly", t("Every hour")], ["every_2_hours", t("Every two hours")], ["daily", t("Every day")],
    ["weekdays", t("Monday to Friday")], ["weekly", t("Every week")], ["monthly", t("Every month")],
    ["own", t("At times of its own (cron)")],
];

let made = 0;

/** The control of a cron line. */
export function when(one, value) {
    const id = `when-${++made}`, now = readCron(value ?? "daily");
    const select = (name, label, options, chosen) => part(name, label, h("select", { name }, options.map(([code,
        said]) =>
        h("option", { value: code, selected: String(code) === String(chosen) }, said))));
    const part = (name, label, input) => {
        input.id = `${id}-${name}`;
        if (name === "cron") input.value = value ?? "";
        return h("div", { class: "field", "data-part": name }, h("label", { for: input.id }, label), input,
            h("p", { class: "fault" }));
    };
    const dates = Array.from({ length: 28 }, (_, index) => [index + 1, String(index + 1)]);
    const parts = [
        select("kind", one.label, kinds(), now.kind), select("day", t("Day"), weekdays(), now.day ?? 1),
        select("date", t("Day of the month"), dates, now.date ?? 1),
        part("time", t("At"), h("input", { name: "time", type: "time", value: now.time ?? "09:00" })),
        part("cron", t("Cron line"), h("input", { name: "cron", type: "text", autocomplete: "off" })),
    ];
    const element = h("div", { class: "fields in-line" }, parts);
    const of = (name) => element.querySelector(`[name=${name}]`).value;
    const show = () => {
        const wanted = { day: ["weekly"], date: ["monthly"], time: ["daily", "weekdays", "weekly", "monthly"],
            cron: ["own"] };
        for (const [name, kinds] of Object.entries(wanted)) {
            element.querySelector(`[data-part=${name}]`).hidden = !kinds.includes(of("kind"));
        }
    };
    element.addEventListener("change", show);
    show();
    const read = () => {
        const [hour, minute] = of("time").split(":").map(Number), at = `${minute || 0} ${hour || 0}`;
        return { hourly: "hourly", every_2_hours: "every_2_hours", daily: `${at} * * *`, weekdays: `${at} * * mon-fri`,
            weekly: `${at} * * ${dayCodes[of("day") - 1]}`, monthly: `${at} ${of("date")} * *`,
            own: of("cron").trim() }[of("kind")];
    };
    return { name: one.name, element, get: read, at: () => element.querySelector("[data-part=kind]") };
}
