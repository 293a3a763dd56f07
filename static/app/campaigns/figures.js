import { get, may, withQuery } from "../api.js";
import { named, whenNamed } from "../records/naming.js";
import { operate } from "../records/ask.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { moment } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";


const shown = () => [
    ["impressions", t("Impressions")], ["reach", t("Reach")], ["likes", t("Likes")], ["comments", t("Comments")],
    ["shares", t("Shares")], ["saves", t("Saves")], ["clicks", t("Clicks")], ["watch_seconds", t("Seconds watched")],
    ["earnings_us_cents", t("Earned, in US cents")],
    ["engagements", t("Engagements")],
];

/** Shows a post's results, as its network or a person has told last. */
export function postResults({ id, status, results, next_reading_at: next, reading_fault: fault }) {
    if (status !== "published") return null;
    return section(t("Results"), {},
        results ? [
            h("dl", { class: "figures even" }, shown().filter(([name]) => results[name] !== null).map(([name, label]) =>
                h("div", {}, h("dt", {}, label), h("dd", {}, number(results[name]))))),
            quiet(t("As of {time}", { time: moment(results.as_of) })),
        ] : quiet(t("No figures yet.")),
        fault && h("p", { class: "notice warn" }, fault === "gone"
            ? t("The network has the post no more: its figures stay as they were.")
            : t("The figures could not be read: {reason}", { reason: words(fault) })),
        next && quiet(t("Read next: {time}", { time: moment(next) })), results && readings(id));
}

/** Shows each reading, the newest first, for those who want to see it grow. */
function readings(id) {
    const fold = h("details", { class: "fold" }, h("summary", {}, t("Each reading")));
    const load = () => get(withQuery("/v1/post-measures", { post_id: id, sort: "-measured_at", limit: 50 }));
    fold.addEventListener("toggle", () => fold.append(pending(load, drawReadings)), { once: true });
    return fold;
}

const drawReadings = ({ data }) => table(t("Each reading"), [t("When"), figure(t("Impressions")),
    figure(t("Engagements"))], data.map((one) => h("tr", {}, h("th", { scope: "row" }, moment(one.measured_at)),
    cell(t("Impressions"), number(one.impressions)), cell(t("Engagements"), number(one.engagements)))), "stacked");

/** Shows the results to be expected of a post that has not left, from what earlier ones have brought. */
export function postPrediction({ id, status }, { signal }) {
    if (["published", "cancelled", "failed"].includes(status)) return null;
    const load = () => operate(`/v1/social-posts/${encodeURIComponent(id)}/predict`, { body: {} });
    return section(t("What to expect"), {}, pending(load, drawPrediction, { signal }));
}

function drawPrediction({ enough, sample, value, low, high, backtest, factors }) {
    if (!enough) return quiet(t("Too little history: {count} measured posts, and 50 are needed.", { count: number(sample) }));
    const whole = (one) => number(Math.round(one));
    return [
        h("p", {}, t("About {value} engagements; four of five such posts get {low} to {high}.",
            { value: whole(value), low: whole(low), high: whole(high) })),
        quiet(t("Earlier posts were foretold {own} off on average; the mean of all is {naive} off.",
            { own: whole(backtest.mae), naive: whole(backtest.naive_mae) })),
        factors.length > 0 && table(t("What makes the difference"), [t("What"), figure(t("Times the mean"))],
            factors.map(({ name, factor }) => h("tr", {}, h("th", { scope: "row" }, words(name)),
                cell(t("Times the mean"), number(Math.round(factor * 100) / 100)))), "stacked"),
    ];
}

/** Compares the posts of all accounts, and shows the hashtags of one. */
export function accountResults(one, { signal }) {
    if (!may("social_posts:read")) return null;
    const hashtags = `/v1/social-hashtags?account_id=${encodeURIComponent(one.id)}`;
    return [
        section(t("Accounts compared"), {}, pending(() => compared(signal), drawComparison, { signal })),
        section(t("Hashtags"), {}, pending(() => get(hashtags, signal), drawHashtags, { signal })),
    ];
}

async function compared(signal) {
    const found = await get("/v1/social-comparison?by=account", signal);
    await whenNamed(found.groups.map(({ key }) => ["social-accounts", key]));
    return found;
}

function drawComparison({ groups }) {
    if (!groups.length) return quiet(t("No measured posts in the last 90 days."));
    const between = ({ low, high }) => (low === null ? t("Too few posts") : `${number(low)} – ${number(high)}`);
    return table(t("Engagements of a post"), [
        t("Social account"), figure(t("Posts")), figure(t("Mean")), figure(t("Surely between")),
    ], groups.map((group) => h("tr", {}, h("th", { scope: "row" }, named("social-accounts", group.key)),
        cell(t("Posts"), number(group.sample)), cell(t("Mean"), number(group.mean)),
        cell(t("Surely between"), between(group)))), "stacked");
}

function drawHashtags({ sample, hashtags }) {
    if (!hashtags.length) {
        return quiet(plural(sample, "None that two of {count} measured post have.",
            "None that two of {count} measured posts have."));
    }
    return table(t("Hashtags of measured posts"), [
        t("Hashtag"), figure(t("Posts")), figure(t("Engagements")), figure(t("Beside the mean")),
    ], hashtags.slice(0, 20).map(({ hashtag, posts, engagements, lift }) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, `#${hashtag}`), cell(t("Posts"), number(posts)),
        cell(t("Engagements"), number(engagements)), cell(t("Beside the mean"), percent(lift)))), "stacked");
}
