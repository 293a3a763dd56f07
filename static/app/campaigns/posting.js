import { call, get, may } from "../api.js";
import { attachments, picture } from "../attachments.js";
import { fileField, upload } from "../delivery/documents.js";
import { ask, asked, operate } from "../records/ask.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { moment } from "../../ui/when.js";
import { plural, reason, t } from "../../ui/words.js";
import { askPromotion } from "./promoting.js";
import { accountResults, postPrediction, postResults } from "./figures.js";
import { accountListening } from "./listening.js";
import { askForMedium, madeOf, partOf } from "./media.js";
import { postSounds } from "./sounds.js";

const pathOf = ({ id }) => `/v1/social-posts/${encodeURIComponent(id)}`;
const isOpen = ({ status }) => ["draft", "needs_approval", "scheduled", "held", "missed"].includes(status);

/** The networks whose posts can be shown for money. */
const promoted = /^https:\/\/(www\.)?(facebook|instagram)\.com\//;

/** Plans a post, publishes or cancels it, and says what became of one that a person or nobody knows of. */
export function postActions(one, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const { version, status } = one, path = pathOf(one);
    const run = (verb) => (body = {}) => operate(`${path}/${verb}`, { version, body }).then(reload);
    const button = (label, onclick, more) => h("button", { type: "button", onclick, ...more }, label);
    return [
        isOpen(one) && button(t("Schedule"), () => askSchedule(one, run("schedule")), { class: "primary" }),
        isOpen(one) && button(t("Publish now"), () => ask({
            title: t("Publish post now?"), action: t("Publish now"), said: t("Post is on its way"),
            text: one.cost_estimate ? t("The network charges for it.") : "", run: () => run("publish")(),
        })),
        status === "failed" && button(t("Publish again"), () => ask({
            title: t("Publish post again?"), action: t("Publish again"), said: t("Post is on its way"),
            text: t("What is published already stays; it goes on after that."), run: () => run("retry")(),
        }), { class: "primary" }),
        status === "awaiting_person" && button(t("It is published"), () => ask({
            title: t("Where is the post published?"), action: t("Save"), said: t("Post is published"),
            fields: [asked.text("url", t("Address"), { required: true }),
                ...one.by_hand === "sound" ? [
                    asked.record("sound_id", t("Sound"), "sounds", { among: { kind: "sound" } }),
                    asked.record("effect_id", t("Camera effect"), "sounds", { among: { kind: "camera_effect" } }),
                ] : []],
            run: run("done"),
        }), { class: "primary" }),
        status === "unknown" && button(t("It is published there"), () => ask({
            title: t("Is the post published there?"), action: t("It is published there"), said: t("Post is published"),
            text: t("Look at the network first."), run: () => run("resolve")({ outcome: "published" }),
        }), { class: "primary" }),
        status === "unknown" && button(t("It is not there"), () => ask({
            title: t("Is the post not there?"), action: t("It is not there"), said: t("Post can be published again"),
            text: t("Look at the network first: afterwards it can be published again."),
            run: () => run("resolve")({ outcome: "not_published" }),
        })),
        status === "published" && ["video", "short"].includes(one.format) && button(t("Change film"), () =>
            askFilm(one, run("change"))),
        status === "published" && promoted.test(one.url ?? "") && may("campaigns:write")
            && button(t("Promote"), () => askPromotion(one)),
        status === "published" && button(t("Take back"), () => ask({
            title: t("Take back the post?"), action: t("Take back"), said: t("Post is being taken back"), isGrave: true,
            text: t("It is deleted at the network, where the network lets programs do so."), run: () => run("remove")(),
        })),
        (isOpen(one) || ["awaiting_person", "failed"].includes(status)) && button(t("Cancel post"), () => ask({
            title: t("Cancel post?"), action: t("Cancel post"), said: t("Post cancelled"), isGrave: true,
            text: one.remote_id ? t("What is published already stays; the rest does not leave.")
                : t("It does not leave. Its hour in the queue is free again."),
            run: () => run("cancel")(),
        })),
    ];
}

/** Other words or another thumbnail of a film that stands; what is left empty stays. */
function askFilm(one, run) {
    ask({
        title: t("Change film"), action: t("Change film"), said: t("The change is on its way"),
        text: t("What you leave empty stays as it is."),
        fields: [asked.text("title", t("Title")), asked.long("text", t("Description")),
            fileField("file", t("Thumbnail"))],
        run: async ({ title, text, file }) => {
            const body = Object.fromEntries(Object.entries({ title, text }).filter(([, value]) => value));
            if (file) body.thumbnail_id = (await upload(file)).id;
            await run(body);
        },
    });
}

function askSchedule(one, run) {
    ask({
        title: t("Schedule post?"), action: t("Schedule"), said: t("Post scheduled"),
        text: t("Without a time it takes the next free hour of the account's queue."),
        values: { at: one.scheduled_at }, fields: [asked.instant("at", t("Time"))],
        run: ({ at }) => run(at ? { at } : { queue: true }),
    });
}

/** The post as its network will show it, and what does not fit. */
export function postCheck(one, { signal, follow }) {
    let now = one;
    const place = pending(() => operate(`${pathOf(now)}/check`), drawCheck, { signal });
    follow((next) => {
        now = next;
        place.reload();
    });
    return [section(t("On the network"), {}, place), postSounds(one, { signal }), postPrediction(one, { signal })];
}

function drawCheck({ fits, faults, preview }) {
    return [
        preview.parts.map((part) => h("blockquote", { class: "preview", dir: "auto" }, part)),
        h("p", { class: "quiet" }, plural(preview.length, "{count} character as the network counts",
            "{count} characters as the network counts")),
        preview.media.filter(({ url }) => url).map((shown) => [
            shown.media_type.startsWith("image/") && picture(shown.url, shown.media_type, shown.alt_text),
            h("p", { class: "quiet" }, madeOf(shown)),
        ]),
        fits ? h("p", {}, t("It fits.")) : h("ul", {}, faults.map(({ detail }) => h("li", {}, detail))),
    ];
}

/** The pictures and films of a post, with what they show for those who do not see them. */
export function postMedia(one, { kind, reload }) {
    const files = one.media.map(({ file_id: id }) => id);
    const keep = (media) => call(pathOf(one), {
        method: "PATCH", body: { media }, headers: { "If-Match": `"${one.version}"` },
    }).then(reload);
    const add = () => askForMedium((medium) => keep([...one.media, medium]), { said: t("Added") });
    return section(t("Pictures and films"), {}, attachments(files) ?? quiet(t("None.")),
        one.media.filter(({ alt_text: alt }) => alt).map(({ alt_text: alt }) => quiet(alt)),
        one.media.map(partOf).filter(Boolean).map((part) => quiet(part)),
        kind.mayWrite && isOpen(one) && h("p", { class: "actions" },
            h("button", { type: "button", class: "small", onclick: add }, t("Add picture or film")),
            files.length > 0 && h("button", { type: "button", class: "small", onclick: () => ask({
                title: t("Remove pictures and films?"), action: t("Remove"), isGrave: true, said: t("Removed"),
                run: () => keep([]),
            }) }, t("Remove all"))));
}

/** Why a post waits, where it stands, and how it does there. */
export const postStanding = (one, tools) => [standing(one), changesOf(one, tools), postResults(one)];

/** Shows the changes of a post that stands, or is to be. */
function changesOf(one, { kind, signal, follow, reload }) {
    if (!["published", "removed", "failed"].includes(one.status)) return null;
    const path = `/v1/post-changes?post_id=${encodeURIComponent(one.id)}&sort=-id&limit=10`;
    const place = pending(() => get(path, signal), ({ data }) => drawChanges(data, kind, reload), { signal });
    follow(place.reload);
    return place;
}

function drawChanges(changes, kind, reload) {
    if (changes.length === 0) return "";
    const turn = (one, verb) => operate(`/v1/post-changes/${encodeURIComponent(one.id)}/${verb}`,
        { version: one.version }).then(reload);
    const button = (label, one, verb) => h("button", { type: "button", class: "small", onclick: () => ask({
        title: t("{what}?", { what: label }), action: label, run: () => turn(one, verb),
    }) }, label);
    return section(t("Changes"), {}, changes.map((one) => h("p", {},
        one.kind === "removal" ? t("Take back") : one.title ?? t("Change film"), " · ", words(one.status),
        one.reasons.map(({ detail }) => ` · ${detail}`), " ",
        kind.mayWrite && ["waiting", "held"].includes(one.status) && button(t("Cancel change"), one, "cancel"),
        kind.mayWrite && ["failed", "unknown"].includes(one.status) && button(t("Send change again"), one, "retry"))));
}

function standing(one) {
    if (!one.url && !one.reasons?.length) return null;
    return section(t("Where it is published"), {},
        one.url && h("p", {}, h("a", { href: one.url, rel: "noopener", target: "_blank" }, one.url)),
        one.reasons?.map(({ code, detail, until }) => h("p", {}, (reason(detail) ?? detail) || words(code),
            until ? ` (${t("until {time}", { time: moment(until) })})` : "")));
}

const weekdays = () => [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")];

/** The hours at which posts of an account do best, and what its network takes. */
export function accountHours(one, { signal }) {
    const path = `/v1/social-accounts/${encodeURIComponent(one.id)}/best-times`;
    const draw = ({ source, sample, clicks, slots }) => [
        source !== "clicks" && quiet(source === "default"
            ? t("These are usual hours of the network: too few posts of the account are measured.")
            : plural(sample, "From {count} measured post", "From {count} measured posts")),
        clicks >= 30 && quiet(plural(clicks, "Readers have followed its links {count} time.",
            "Readers have followed its links {count} times.")),
        h("ul", {}, slots.map(({ weekday, hour }) => h("li", {},
            `${weekdays()[weekday - 1]} ${String(hour).padStart(2, "0")}:00`))),
    ];
    return [section(t("Best hours"), {}, pending(() => get(path, signal), draw, { signal })),
        accountResults(one, { signal }), accountListening(one, { signal })];
}

export function networkRules(one, { signal }) {
    if (!may("social_accounts:read")) return null;
    const load = () => get("/v1/social-networks?limit=200", signal);
    const draw = ({ data }) => {
        const rules = data.find(({ network }) => network === one.network);
        if (!rules) return null;
        const row = (label, value) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, value));
        return table(t("What the network takes"), [t("What"), t("Limit")], [
            row(t("Characters"), String(rules.text_max)), row(t("Pictures"), String(rules.images_max)),
            row(t("Hashtags"), rules.hashtags_max === null ? "–" : String(rules.hashtags_max)),
            row(t("Mentions"), rules.mentions_max === null ? "–" : String(rules.mentions_max)),
            row(t("Formats"), rules.formats.map(words).join(", ")),
        ]);
    };
    return section(t("Network"), {}, pending(load, draw, { signal }));
}
