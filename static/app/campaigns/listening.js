import { get, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { chart } from "../../ui/chart.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Shows the tone of what people say to an account by the day, and of what more of them speak than before. */
export function accountListening(one, { signal }) {
    const whose = { account_id: one.id };
    return [
        section(t("What people say"), {}, pending(() => get(withQuery("/v1/social-mood", whose), signal),
            (mood) => drawMood(one, mood), { signal })),
        section(t("What more people speak of"), {},
            pending(() => get(withQuery("/v1/social-subjects", whose), signal), drawSubjects, { signal })),
    ];
}

function drawMood(one, { all, days, fall }) {
    if (!all.mentions) {
        return quiet(t("Nothing was said in the last 28 days, or the network is not connected for chat."));
    }
    const told = days.filter(({ mentions }) => mentions > 0);
    const bad = ({ negative, mentions }) => percent(negative / mentions);
    return [
        fall && h("p", { class: "notice warn" },
            t("In the last seven days {now} of it sound bad, after {before} in the four weeks before.",
                { now: bad(fall.recent), before: bad(fall.before) })),
        chart({
            title: t("How it sounds, from -1 to 1"), source: one.network,
            points: told.map(({ date, score }) => ({ date, value: score })),
        }),
        table(t("Mentions by day"), [
            t("Day"), figure(t("Mentions")), figure(t("Good")), figure(t("Neither")), figure(t("Bad")),
        ], told.toReversed().map((row) => h("tr", {}, h("th", { scope: "row" }, day(row.date)),
            cell(t("Mentions"), number(row.mentions)), cell(t("Good"), number(row.positive)),
            cell(t("Neither"), number(row.neutral)), cell(t("Bad"), number(row.negative)))), "stacked"),
        h("p", {}, h("a", { href: `#/social-mentions?account_id=${encodeURIComponent(one.id)}` }, t("View mentions"))),
    ];
}

function drawSubjects({ people, before, subjects }) {
    if (!subjects.length) {
        return quiet(t("None: {people} people have spoken in the last seven days, {before} in the four weeks before.",
            { people: number(people), before: number(before) }));
    }
    return table(t("Words that more people say"), [
        t("Word"), figure(t("People")), figure(t("Before")), t("Conversation"),
    ], subjects.slice(0, 20).map((row) => h("tr", {}, h("th", { scope: "row", dir: "auto" }, row.word),
        cell(t("People"), t("{count} of {all}", { count: number(row.people), all: number(row.of) })),
        cell(t("Before"), t("{count} of {all}", { count: number(row.before), all: number(row.before_of) })),
        h("td", { "data-label": t("Conversation") }, linkTo(row.records[0])))), "stacked");
}
