import { get, may, tenant, withQuery } from "../api.js";
import { drawFilters, fromQuery } from "../calendar/filters.js";
import {
    addDays, addMonths, dayName, hourOf, isDay, monthDays, spanName, today, wallOf, weekOf,
} from "../calendar/days.js";
import { huesOf, keyOf, titleOf } from "../calendar/entries.js";
import { drawMonth, drawWeek } from "../calendar/grid.js";
import { legend, remarks } from "../calendar/legend.js";
import { drawList } from "../calendar/list.js";
import { move, placeAt, placeOn, whyStayed } from "../calendar/moving.js";
import { ask } from "../controls/controls.js";
import { later } from "../later.js";
import { naming, whenNamed } from "../records/naming.js";
import { live } from "../stream.js";
import { carrying } from "../../ui/carrying.js";
import { failure, fill, h, quiet, refill, whyNot } from "../../ui/dom.js";
import { menuButton } from "../../ui/menu.js";
import { current, setBusy, spokenAs, urgent } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { month as monthName } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const ways = () => [["month", t("Month")], ["week", t("Week")], ["list", t("List")]];
const movers = {
    post: "social_posts:write", item: "content_items:write", email: "email_campaigns:write",
    milestone: "campaigns:write",
};
/** The length of the list, in days. */
const listDays = 92;

/** The calendar: all that is planned, by month, by week and as a list; what has not left is carried to other days. */
export function calendar({ query, signal }) {
    const as = ways().some(([name]) => name === query.as) ? query.as : "month";
    const month = /^\d{4}-\d\d$/.test(query.month ?? "") && `${query.month}-01`;
    const on = isDay(query.on) ? query.on : isDay(month) ? month : today();
    const filters = fromQuery(query);
    const state = {
        as, on, filters, entries: [], conflicts: [], gaps: [], accounts: new Map(), names: new Map(), held: null,
    };
    const notice = h("div", { class: "notices" }), body = h("div", { class: "calendar-body", "data-loading": "" });
    const beside = h("div"), accounts = readAccounts(signal);
    const filterPlace = h("div", { class: "calendar-filters" }, drawFilters(filters, accounts, (chosen) => {
        location.hash = addressOf({ ...state, filters: chosen }).slice(1);
    }, signal));
    const tools = { signal, state, notice, body, beside, accounts, hand: null };
    const reload = reader(tools);
    tools.reload = reload;
    reload();
    for (const type of ["social_post.*", "content_item.*", "email_campaign.*", "campaign.*"]) {
        live(type, () => !tools.hand?.isCarrying() && !document.querySelector("dialog[open]") && reload(), signal);
    }
    return {
        title: t("Calendar"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Calendar")), actions()),
            bar(state), filterPlace, notice, body, beside,
        ],
    };
}

function actions() {
    return h("div", { class: "actions" },
        menuButton(t("More"), () => [
            may("content_calendar:write") && { text: t("Calendar links"), href: "#/calendar/links" },
            { text: t("Content calendar rules"), href: "#/content-calendar-rules" },
            may("social_accounts:read") && { text: t("Live talks"), href: "#/network-spaces" },
            may("social_accounts:read") && { text: t("Trends on networks"), href: "#/network-trends" },
        ]),
        may("social_posts:write") && h("a", { class: "button primary", "data-key": "n", href: "#/social-posts/new" },
            t("New post")));
}

const addressOf = ({ as, on, filters }, more) => withQuery("#/calendar", {
    as: as === "month" ? "" : as, on: on === today() ? "" : on, ...filters, ...more,
});

/** Earlier and later, which time is shown, and how. */
function bar(state) {
    const { as, on } = state;
    const by = { month: (way) => addMonths(on, way), week: (way) => addDays(weekOf(on), 7 * way),
        list: (way) => addDays(on, 28 * way) }[as];
    const step = (way, text, sign) => h("a", { class: "button", href: addressOf(state, { on: by(way) }),
        ...spokenAs(text), title: text }, sign);
    const [first, last] = rangeOf(state);
    const names = { month: [t("Previous month"), t("Next month")], week: [t("Previous week"), t("Next week")],
        list: [t("Earlier"), t("Later")] }[as];
    return h("div", { class: "calendar-bar" },
        h("div", { class: "actions" }, step(-1, names[0], "‹"), step(1, names[1], "›"),
            h("a", { class: "button", href: addressOf(state, { on: "" }) }, t("Today"))),
        h("h2", {}, as === "month" ? monthName(on.slice(0, 7)) : spanName(first, last)),
        h("nav", { class: "ways", ...spokenAs(t("Ways to see the calendar")) }, ways().map(([name, text]) =>
            h("a", { href: addressOf(state, { as: name === "month" ? "" : name }), ...current(name === as) }, text))));
}

function rangeOf({ as, on }) {
    if (as === "week") return [weekOf(on), addDays(weekOf(on), 6)];
    if (as === "list") return [on, addDays(on, listDays)];
    const days = monthDays(on);
    return [days[0], days.at(-1)];
}

/** Reads the time that is shown and draws it; of several at once the last counts. */
function reader(tools) {
    const { state, signal, body, notice } = tools;
    let turn = 0;
    return async () => {
        const own = ++turn, [from, to] = rangeOf(state);
        const { client_id, network, country } = state.filters;
        setBusy(body, true);
        try {
            const [found, accounts] = await Promise.all([
                get(withQuery("/v1/content-calendar", { from, to, client_id, network, country }), signal),
                tools.accounts.catch(() => []),
            ]);
            if (own !== turn || signal.aborted) return;
            await readNames(found.entries, state);
            // An entry that is being carried stays in the hand, and is saved with the version that was seen.
            if (!tools.hand?.isCarrying()) {
                Object.assign(state, found, { accounts: new Map(accounts.map((one) => [one.id, one])) });
                draw(tools);
            }
        } catch (problem) {
            if (own !== turn || signal.aborted) return;
            fill(notice, failure(problem, tools.reload));
        }
        setBusy(body, false);
        body.removeAttribute("data-loading");
    };
}

async function readAccounts(signal) {
    if (!may("social_accounts:read")) return [];
    return (await get("/v1/social-accounts?limit=200&fields=id,name,network,client_id", signal)).data;
}

/** The clients that are shown, by their names: nothing grows afterwards. */
async function readNames(entries, state) {
    const ids = [...new Set(entries.map(({ client_id: id }) => id).filter(Boolean))];
    await Promise.race([whenNamed(ids.map((id) => ["clients", id])), new Promise((done) => setTimeout(done, 400))]);
    for (const id of ids) naming("clients", id).then((found) => found && state.names.set(id, found.text));
    await null;
}

/** The data that all ways to see the calendar draw from. */
function lookOf(tools) {
    const { state } = tools, { kind, account_id: account } = state.filters;
    const wanted = state.entries.filter((one) => (!kind || one.kind === kind)
        && (!account || one.account_id === account));
    const byDay = Map.groupBy(wanted, ({ date }) => date);
    const gaps = Map.groupBy(state.gaps.filter((one) => (!kind || kind === "post")
        && (!account || one.account_id === account)), ({ date }) => date);
    return {
        entries: wanted, held: state.held, hues: huesOf(state.entries),
        conflicts: new Set(state.conflicts.flatMap(({ ids }) => ids)),
        of: (day) => byDay.get(day) ?? [], gaps: (day) => (gaps.get(day) ?? []).map(({ account_id: id }) => id),
        mayPost: may("social_posts:write"),
        mayMove: (one) => Boolean(one.moves) && may(movers[one.kind]),
        clientName: (id) => (id ? state.names.get(id) : null),
        accountName: (id) => state.accounts.get(id)?.name ?? t("An account"),
        gapHref: (day, ids) => withQuery("#/social-posts/new", { account: ids.join(","), on: day }),
        askMove: (one) => askMove(one, tools),
        mayPreview: ({ kind }) => ["post", "item"].includes(kind) && may("social_posts:read")
            && may("social_accounts:read"),
        preview: (one) => {
            shut();
            later(() => import("../calendar/previewing.js")).then((parts) => parts.showPreviews(one, state.entries));
        },
    };
}

function draw(tools) {
    const { state, body, beside } = tools, look = lookOf(tools);
    const shown = { month: drawMonth, week: drawWeek }[state.as]?.(state.on, look) ?? drawList(look);
    refill(body, shown, look.entries.length === 0 && quiet(t("Nothing is planned here.")));
    tools.hand = null;
    if (state.as !== "list") {
        tools.hand = carrying(shown, { columns: 7, says: says(tools), left: () => tools.reload(), drop: (key, day) => {
            const one = state.entries.find((other) => keyOf(other) === key);
            if (one) bring(one, placeOn(one, day), tools);
        } });
    }
    fill(beside, legend(look, state), remarks(look, state));
}

const says = ({ state }) => {
    const title = (key) => titleOf(state.entries.find((one) => keyOf(one) === key) ?? { kind: "post" });
    return {
        taken: (key, day) => t(
            "{thing} is picked up from {day}. Move it with the arrows, Enter puts it down, Escape leaves it.",
            { thing: title(key), day: dayName(day) }),
        over: (day) => dayName(day), left: () => t("It stays where it was."),
    };
};

/** Moves an entry at once, and takes that back where the server refuses it. */
async function bring(one, place, tools, { isUndo = false } = {}) {
    const { state, notice } = tools;
    const swap = (before, after) => {
        state.entries = state.entries.map((other) => (other === before ? after : other))
            .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : (a.at ?? "") < (b.at ?? "") ? -1 : 1));
        state.held = keyOf(after);
        draw(tools);
        focusOn(tools, after);
    };
    const before = { date: one.date, at: one.at }, ahead = { ...one, ...place };
    fill(notice);
    swap(one, ahead);
    try {
        const moved = await move(one, place);
        swap(ahead, moved);
        const said = place.at ? t("{thing} is planned for {day}, {time}", {
            thing: titleOf(one), day: dayName(place.date), time: hourOf(place.at),
        }) : t("{thing} is planned for {day}", { thing: titleOf(one), day: dayName(place.date) });
        toast(said, isUndo ? null : { text: t("Undo"), run: () => bring(moved, before, tools, { isUndo: true }) });
    } catch (problem) {
        swap(ahead, one);
        fill(notice, h("div", { class: "notice warn", ...urgent }, h("p", {},
            h("strong", {}, t("{thing} was not moved.", { thing: titleOf(one) })), " ",
            whyStayed(problem) ?? reasons(problem))));
    }
    tools.reload();
}

const reasons = (problem) => (problem.errors?.length
    ? problem.errors.map((one) => whyNot(one)).join(" ") : whyNot(problem));

function focusOn({ body }, one) {
    const place = [...body.querySelectorAll("[data-thing]")].find((other) => other.dataset.thing === keyOf(one));
    place?.querySelector("a")?.focus({ preventScroll: false });
}

/** Shuts the dialog of a day, as another one follows. */
const shut = () => document.querySelector("dialog[open]")?.dispatchEvent(new Event("cancel", { cancelable: true }));

/** Asks for the time of an entry: for who has no mouse at hand, and for another hour. */
function askMove(one, tools) {
    shut();
    const isTimed = Boolean(one.at), wall = isTimed ? wallOf(one.at).slice(0, 16) : one.date;
    const field = { name: "when", label: isTimed ? t("Day and time") : t("Day"), required: true,
        type: isTimed ? "text" : "date", inputType: "datetime-local",
        help: isTimed && tenant().time_zone && t("In the agency's time zone, {zone}.", { zone: tenant().time_zone }) };
    ask({
        title: t("Move {thing}", { thing: titleOf(one) }), action: t("Move"), fields: [field], values: { when: wall },
        async save({ values: { when } }) {
            if (!when) throw { errors: [{ pointer: "/when", detail: t("Fill this in.") }] };
            bring(one, isTimed ? placeAt(when) : { date: when, at: null }, tools);
        },
    });
}
