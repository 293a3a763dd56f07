import { get, may } from "../api.js";
import { drawSkipped } from "../content/distribute.js";
import { ask, asked, operate } from "../records/ask.js";
import { named } from "../records/naming.js";
import { drawResults } from "../selling/experiments.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { called, plural, t } from "../../ui/words.js";

const pathOf = ({ id }) => `/v1/email-campaigns/${encodeURIComponent(id)}`;
const isBegun = ({ started_at: at }) => Boolean(at);

/** Schedules an email campaign, holds it, lets it go on, or ends it. */
export function mailingActions(one, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const { version, status } = one, path = pathOf(one);
    const run = (verb) => () => operate(`${path}/${verb}`, { version }).then(reload);
    const button = (label, onclick, more) => h("button", { type: "button", onclick, ...more }, label);
    return [
        ["draft", "scheduled"].includes(status) && button(t("Schedule"), () => askSchedule(one, reload),
            { class: "primary" }),
        ["scheduled", "sending"].includes(status) && button(t("Pause"), () => ask({
            title: t("Pause email campaign?"), action: t("Pause"), said: t("Email campaign paused"),
            text: t("What has not left stays here until you resume it."), run: run("pause"),
        })),
        status === "paused" && button(t("Resume"), () => ask({
            title: t("Resume email campaign?"), action: t("Resume"), said: t("Email campaign resumed"),
            text: t("Anyone who has got it does not get it again."), run: run("resume"),
        }), { class: "primary" }),
        !["sent", "cancelled"].includes(status) && button(t("Cancel email campaign"), () => ask({
            title: t("Cancel email campaign?"), action: t("Cancel email campaign"),
            said: t("Email campaign cancelled"), isGrave: true,
            text: t("What has not left stays here. Anyone who has got it keeps it."), run: run("cancel"),
        })),
    ];
}

function askSchedule(one, reload) {
    ask({
        title: t("Schedule email campaign?"), action: t("Schedule"), said: t("Email campaign scheduled"),
        text: t("Its people are frozen at its time: who comes into the segment later does not get it."),
        values: { send_at: one.send_at },
        fields: [asked.instant("send_at", t("Not before"), { help: t("Empty: as soon as possible.") })],
        run: ({ send_at: at }) => operate(`${pathOf(one)}/schedule`,
            { version: one.version, body: at ? { send_at: at } : {} }).then(reload),
    });
}

/** Shows who gets it and who does not: as it would be now, or as it was when the sending began. */
export function mailingReaders(one, { signal, follow }) {
    const load = () => (isBegun(now) ? now : operate(`${pathOf(now)}/preview`));
    let now = one;
    const place = pending(load, draw, { signal });
    follow((next) => {
        now = next;
        place.reload();
    });
    return section(t("People"), {}, place);
}

function draw({ sendable, planned, excluded, left_out: people }) {
    const count = sendable ?? planned;
    return [
        h("p", {}, h("strong", {}, sendable === undefined
            ? plural(count, "{count} person was chosen", "{count} people were chosen")
            : plural(count, "{count} person would get it", "{count} people would get it"))),
        drawSkipped(excluded), drawLeftOut(people),
    ];
}

/** Names the first of those who would not get it, with the reason. */
function drawLeftOut(people) {
    if (!people?.length || !may("contacts:read")) return null;
    return h("details", { class: "fold" }, h("summary", {}, t("Some of those who are left out")),
        h("ul", {}, people.map(({ code, contact_id: id }) => h("li", {}, named("contacts", id), ": ",
            called(`held.${code}`) ?? words(code)))));
}

/** Shows the variants' results, once something has left. */
export function mailingResults(one, { signal, follow }) {
    let now = one;
    const path = `${pathOf(one)}/results`;
    const place = pending(() => (isBegun(now) ? get(path, signal) : null), (found) => (found
        ? [found.ratio_mismatch && quiet(t("The groups are not as large as chance makes them: do not compare them.")),
            drawResults(found)]
        : quiet(t("Nothing has left yet."))), { signal });
    follow((next) => {
        now = next;
        place.reload();
    });
    return section(t("Results"), {}, place);
}
