import { call, download, get, withQuery } from "../app/api.js";
import { draftOf, dropDraft, keepDraft } from "../app/drafts.js";
import { newKey } from "../app/http.js";
import { paged } from "../app/paging.js";
import { doing, fill, h, pending, quiet } from "../ui/dom.js";
import { words } from "../ui/format.js";
import { markdown } from "../ui/markdown.js";
import { money } from "../ui/money.js";
import { current, polite, spokenAs } from "../ui/state.js";
import { t } from "../ui/words.js";
import { filledPapers } from "./frame.js";

/* Parts of several pages of the portal. */

/**
 * The requests that were sent and not answered, with the key that each goes by: the server knows it again and does it
 * once.
 */
const unanswered = new Map();

/** Sends something as whoever is signed in, and gives what is answered. */
export async function send(path, body, method = "POST") {
    const what = `${method} ${path} ${JSON.stringify(body ?? null)}`, key = unanswered.get(what) ?? newKey();
    unanswered.set(what, key);
    return answered(async () => {
        const headers = method === "POST" ? { "Idempotency-Key": key } : {};
        const response = await call(path, { method, headers, ...(body && { body }) });
        return response.status === 204 ? null : response.json();
    }, () => unanswered.delete(what));
}

/** Returns what an attempt gives; `forget` is called once the server has answered, to the person who has asked. */
async function answered(attempt, forget) {
    try {
        const answer = await attempt();
        forget();
        return answer;
    } catch (problem) {
        const { status, code } = problem;
        if (status > 0 && status < 500 && status !== 401 && code !== "idempotency_in_progress") forget();
        throw problem;
    }
}

/**
 * Sends what a form says, with the file that was chosen in it, if any, and drops its draft once that is done. Until it
 * is answered the keys that it goes by stay with the draft: sent again, after a reload, too, it is done once.
 */
export async function post(path, { file, ...said }, draft) {
    const place = `sent ${draft}`, text = JSON.stringify(said);
    const of = file?.size ? [file.name, file.size, file.lastModified].join(" ") : null;
    let sent = unanswered.get(place) ?? draftOf(place);
    // After a reload the file is chosen no more, though the agency has it.
    const isAgain = sent?.text === text && (of === sent.of || (!of && sent.id));
    if (!isAgain) sent = { text, of, key: newKey(), fileKey: newKey() };
    const note = () => {
        unanswered.set(place, sent);
        keepDraft(place, sent);
    };
    note();
    const answer = await answered(async () => {
        if (of) {
            sent.id = await upload(file, sent.fileKey);
            note();
        }
        const body = { ...said, ...(sent.id && { attachments: [sent.id] }) };
        return (await call(path, { method: "POST", body, headers: { "Idempotency-Key": sent.key } })).json();
    }, () => forget(place));
    dropDraft(draft);
    return answer;
}

function forget(place) {
    unanswered.delete(place);
    dropDraft(place);
}

/** A page that is a list: `item` makes what stands in a `li` of a record. */
export function listPage(title, path, { item, none, before, query = {}, signal }) {
    const place = pending(() => get(withQuery(path, { limit: 25, ...query }), signal), (page) => {
        if (!page.data.length) return quiet(none);
        const list = h("ul", { class: "cards" }, page.data.map((one) => h("li", {}, item(one))));
        const more = paged(page, (cursor) => get(withQuery(path, { limit: 25, ...query, cursor }), signal),
            (records) => {
            const items = records.map((one) => h("li", {}, item(one)));
            list.append(...items);
            return items[0];
        });
        return [list, more];
    }, { signal });
    return { title, content: [h("h1", {}, title), before, place], reload: place.reload };
}

/** The papers that money is about stand under one entry; of a single kind there is nothing to choose. */
export function billingTabs(here) {
    const names = { invoices: t("Invoices"), proposals: t("Proposals"), contracts: t("Contracts") };
    const there = filledPapers();
    return there.length > 1 && h("nav", { class: "tabs", ...spokenAs(t("Billing")) }, there.map((one) =>
        h("a", { href: `#/${one}`, ...current(`/${one}` === here) }, names[one])));
}

/** A page of one record: its heading is known once it has come. */
export function recordPage(kind, path, back, { draw, name, signal }) {
    const heading = h("h1", {}, kind);
    const place = pending(() => get(path, signal), (record) => {
        fill(heading, name(record));
        document.title = document.title.replace(kind, () => name(record));
        return draw(record, place.reload);
    }, { signal });
    const [address, text] = back;
    const links = h("p", { class: "links" }, h("a", { href: `#${address}` }, text));
    return { title: kind, content: [links, heading, place] };
}

export const price = (amount) => amount && h("span", { class: "money" }, money(amount));

/** A button that saves a file; a plain link could not say who asks for it. */
export function saving(text, path, name) {
    const place = h("div", {});
    return h("div", {}, doing(text, () => download(path, name), { place }), place);
}

/** The name of a file, for a document with a title. */
export const fileName = (title, ending) =>
    `${(title || "document").replaceAll(/[\\/:*?"<>|\n]/g, " ").trim()}.${ending}`;

/** A form whose texts and choices stay in this browser until they are sent. */
export function kept(name, element) {
    const boxes = () =>
        element.querySelectorAll("textarea, select, input:not([type=file], [type=radio], [type=checkbox])");
    const draft = draftOf(name) ?? {};
    for (const box of boxes()) box.value = draft[box.name] || box.value;
    element.addEventListener("input", () => {
        const now = [...boxes()].map((box) => [box.name, box.value]);
        keepDraft(name, Object.fromEntries(now));
        // People who begin anew mean something else, even if they say it in the same words.
        if (!now.some(([, value]) => value)) forget(`sent ${name}`);
    });
    return element;
}

/** Says of a form that it is saved, below its button, where whoever has pressed it looks. */
export function saved(form) {
    if (!form.querySelector(".saved")) form.append(h("div", { class: "saved", ...polite }));
    fill(form.querySelector(".saved"), h("p", { class: "notice good" }, t("Saved.")));
    form.addEventListener("input", () => fill(form.querySelector(".saved")), { once: true });
}

/** Shows a person's words, in Markdown. */
export const said = (text) => text && h("div", { class: "text" }, markdown(text));

/** Files that came with something; `path` is where each is got. */
export const files = (ids, path) => ids?.length > 0 && h("ul", { class: "plain" }, ids.map((id, index) =>
    h("li", {}, saving(
        t("Download file {number}", { number: index + 1 }), `${path}/files/${id}`, `${t("File")} ${index + 1}`))));

/** The keys of files, and the ids of those that the agency has; what they belong to may have to be sent again. */
const given = new WeakMap();

/** Gives a file to the agency, once; its id. */
export async function upload(file, key = newKey()) {
    const one = given.get(file) ?? { key };
    given.set(file, one);
    one.id ??= (await (await call(`/v1/portal/files?name=${encodeURIComponent(file.name)}`, {
        method: "POST", body: file,
        headers: { "Content-Type": "application/octet-stream", "Idempotency-Key": one.key },
    })).json()).id;
    return one.id;
}

/** Brings the button of a form into sight. */
export const inSight = (form) => form.querySelector("[type=submit]").scrollIntoView({ block: "nearest" });

/** Keeps a form's button in sight of whoever writes while answers in the thread push the form down. */
export function keepInSight(form, thread) {
    let height = thread.offsetHeight;
    new ResizeObserver(() => {
        const grown = thread.offsetHeight - height;
        height += grown;
        const { top, bottom } = form.querySelector("[type=submit]").getBoundingClientRect();
        const isPushed = grown > 0 && bottom > innerHeight && top - grown < innerHeight;
        if (isPushed && form.contains(document.activeElement)) inSight(form);
    }).observe(thread);
}
