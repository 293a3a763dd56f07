import { call, get, may } from "../api.js";
import { instantOf, isDay, weekdayOf } from "../calendar/days.js";
import { draftOf, dropDraft, keepDraft } from "../drafts.js";
import { failure, fill, h, pending } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { inWords } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { absolve, blame, faultyIn, hold, polite, release } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { pair, plural, t, wrong } from "../../ui/words.js";
import { fieldsOf } from "./composerfields.js";
import { previews } from "./previews.js";

/** The draft that the composer begins with. */
export const composerDraft = "social-posts composer";
const draft = composerDraft, pause = 350;
const unwritten = () => ({
    account_ids: [], text: "", format: "post", thread: [], media: [], first_comment: "", link: "", options: {},
    campaign_id: null, content_item_id: null, allow_repeat: false, when: "queue", at: "",
});

/** Writes a post for several accounts at once: what stands at each is seen while it is written. */
export function composer({ query, signal }) {
    const place = pending(() => Promise.all([
        get("/v1/social-accounts?limit=200", signal), get("/v1/social-networks?limit=200", signal),
    ]), ([accounts, networks]) => {
        const usable = accounts.data.filter(({ status }) => status !== "disabled");
        if (!usable.length) return nothing();
        return compose(usable, new Map(networks.data.map((one) => [one.network, one])), query, signal);
    }, { signal });
    return {
        title: t("New post"),
        content: [h("p", { class: "links crumbs" }, h("a", { href: "#/social-posts" }, t("Posts"))),
            h("h1", {}, t("New post")), place],
    };
}

const nothing = () => empty(
    t("A post is published at a social account. Add the first one, with or without an integration."),
    { ways: may("social_accounts:write")
        && h("a", { class: "button primary", href: "#/social-accounts/new" }, t("New social account")) });

/** Reads the address: the accounts, and the day or the hour of their queue. */
function asked({ account, on }, accounts) {
    const ids = (account ?? "").split(",").filter((id) => accounts.some((one) => one.id === id));
    if (!ids.length && !isDay(on)) return {};
    const weekday = isDay(on) && weekdayOf(on);
    const slot = accounts.find(({ id }) => id === ids[0])?.queue?.find((one) => one.weekday === weekday);
    return { account_ids: ids, ...(isDay(on) && { when: "at", at: `${on}T${slot?.at ?? "09:00"}` }) };
}

function compose(accounts, networks, query, signal) {
    const wanted = asked(query, accounts), kept = draftOf(draft);
    const state = { ...unwritten(), ...(kept ?? {}), ...wanted };
    state.account_ids = state.account_ids.filter((id) => accounts.some((one) => one.id === id));
    if (!state.account_ids.length && accounts.length === 1) state.account_ids = [accounts[0].id];
    const notice = h("div", { class: "notices" }), side = previews(accounts, networks);
    const button = h("button", { type: "submit", class: "primary" }, "");
    const chosen = () => accounts.filter(({ id }) => state.account_ids.includes(id));
    const tools = { state, accounts, networks, chosen, changed, signal };
    const fields = fieldsOf(tools);
    const form = h("form", { class: "form composer-form", novalidate: true, onsubmit: submit },
        notice, fields.elements, h("div", { class: "actions" }, button,
            h("button", { type: "button", onclick: discard }, t("Discard"))));
    form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    let timer, turn = 0;

    function changed() {
        keepDraft(draft, state);
        show();
    }
    function show() {
        fields.follow();
        fill(button, { draft: t("Save draft"), queue: t("Add to queue") }[state.when] ?? t("Schedule post"));
        clearTimeout(timer);
        timer = setTimeout(look, pause);
    }
    function discard() {
        dropDraft(draft);
        location.hash = "/social-posts";
    }
    const hasWords = () => state.text.trim() || state.media.length > 0;

    /** Has the server look at it; what does not fit stands at its field as soon as there is something. */
    async function look() {
        const own = ++turn;
        if (!state.account_ids.length || !hasWords()) {
            showFaults([]);
            fields.counts(null);
            return side.show(null, state, chosen());
        }
        try {
            const { previews: found } = await (await call("/v1/social-posts/preview", {
                method: "POST", body: { account_ids: state.account_ids, ...bodyOf(state) }, signal,
            })).json();
            if (own !== turn || signal.aborted) return;
            side.show(found, state, chosen());
            fields.counts(found);
            showFaults(found.flatMap(({ faults, account_id: id }) => faults.map((one) => ({ ...one, id }))));
        } catch (problem) {
            if (own !== turn || signal.aborted) return;
            showFaults((problem.errors ?? []).map((one) => ({ ...one })));
            if (!problem.errors?.length) fill(notice, failure(problem, look));
        }
    }
    /** Each fault once at its field; where several accounts are chosen, with the network that finds it. */
    function showFaults(faults) {
        for (const one of form.querySelectorAll(".fault")) fill(one);
        absolve(form);
        const said = new Map();
        for (const { pointer, code, detail, id } of faults) {
            const { place, input } = fields.placeOf(pointer);
            const text = detailOf(code, detail, accounts.find((one) => one.id === id));
            const known = said.get(place) ?? said.set(place, new Set()).get(place);
            if (known.has(text)) continue;
            known.add(text);
            place.append(known.size > 1 ? " " : "", text);
            blame(input);
        }
        return said.size;
    }
    async function submit(event) {
        event.preventDefault();
        if (!hold(button)) return;
        fill(notice);
        try {
            await send();
        } catch (problem) {
            const count = showFaults(problem.errors ?? []);
            if (!count) fill(notice, failure(problem));
            faultyIn(form)?.focus();
        }
        release(button);
    }
    async function send() {
        if (!state.account_ids.length) {
            throw { errors: [{ pointer: "/account_ids", detail: t("Choose an account at least.") }] };
        }
        const missing = (pointer) => ({ errors: [{ pointer, detail: t("Fill this in.") }] });
        if (state.when === "at" && !state.at) throw missing("/scheduled_at");
        if (!hasWords()) throw missing("/text");
        if (state.when !== "draft") await requireFit();
        const made = [];
        try {
            for (const id of [...state.account_ids]) {
                made.push(await post(id));
                // A post that has been made is not made again where a later one fails.
                state.account_ids = state.account_ids.filter((other) => other !== id);
            }
        } finally {
            if (made.length && state.account_ids.length) {
                fields.follow();
                keepDraft(draft, state);
                toast(plural(made.length, "{count} post was kept, the others were not.",
                    "{count} posts were kept, the others were not."));
            }
        }
        dropDraft(draft);
        toast(state.when === "draft" ? t("Draft saved") : plural(made.length, "{count} post is planned",
            "{count} posts are planned"), { text: t("View calendar"), href: "#/calendar" });
        location.hash = made.length === 1 ? `/social-posts/${encodeURIComponent(made[0].id)}` : "/social-posts";
    }
    /** Nothing is kept of it as long as one of the accounts does not take it. */
    async function requireFit() {
        const { previews: found } = await (await call("/v1/social-posts/preview", {
            method: "POST", body: { account_ids: state.account_ids, ...bodyOf(state) },
        })).json();
        side.show(found, state, chosen());
        const errors = found.flatMap(({ faults, account_id: id }) => faults.map((one) => ({ ...one, id })));
        if (errors.length) throw { errors };
    }
    async function post(id) {
        const { when } = state, { scheduled_at, ...rest } = bodyOf(state);
        const body = { account_id: id, ...rest, campaign_id: state.campaign_id,
            content_item_id: state.content_item_id, ...(when === "at" && { scheduled_at }),
            ...(when === "queue" && { queue: true }) };
        return (await call("/v1/social-posts", { method: "POST", body })).json();
    }

    if (kept && !Object.keys(wanted).length) {
        fill(notice, h("p", { class: "notice", ...polite }, t("What you had begun is here again."), " ",
            h("button", { type: "button", class: "small", onclick: discard }, t("Discard"))));
    }
    show();
    return h("div", { class: "composer" }, form, side.element);
}

/** Returns a post's content, without what is left empty. */
function bodyOf(state) {
    const { text, format, thread, media, first_comment, link, options, allow_repeat, when, at } = state;
    return {
        text, format, options, allow_repeat,
        media: media.map(({ name, ...medium }) => medium), thread: format === "thread" ? thread : [],
        ...(first_comment && { first_comment }), ...(link && { link }),
        ...(when === "at" && at && { scheduled_at: instantOf(`${at}:00`) }),
    };
}

const detailOf = (code, detail, account) => {
    const said = wrong(code) ?? inWords(detail);
    return account && !said.toLowerCase().includes(words(account.network).toLowerCase())
        ? pair(account.name, said) : said;
};
