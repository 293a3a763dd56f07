import { call, download, get, withQuery } from "../app/api.js";
import { draftOf, keepDraft } from "../app/drafts.js";
import { badge, doing, fill, h, pending, quiet } from "../app/dom.js";
import { money, tone, words } from "../app/format.js";
import { paged } from "../app/paging.js";
import { t } from "../app/words.js";
import { filledPapers } from "./frame.js";
import { markdown } from "./markdown.js";
import { current } from "../ui/state.js";

/* What several pages of the portal are made of. */

/** Sends something as whoever is signed in, and gives what is answered. */
export async function send(path, body, method = "POST") {
    const response = await call(path, { method, ...(body && { body }) });
    return response.status === 204 ? null : response.json();
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
    return { title, content: [h("h1", {}, title), before, place] };
}

/** The papers that money is about stand under one entry; of a single kind there is nothing to choose. */
export function billingTabs(here) {
    const names = { invoices: t("Invoices"), proposals: t("Proposals"), contracts: t("Contracts") };
    const there = filledPapers();
    return there.length > 1 && h("nav", { class: "tabs", "aria-label": t("Billing") }, there.map((one) =>
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

export const state = (status) => badge(words(status), tone(status));

export const price = (amount) => amount && h("span", { class: "money" }, money(amount));

/** A button that saves a file; a plain link could not say who asks for it. */
export function saving(text, path, name) {
    const place = h("div", {});
    return h("div", {}, doing(text, () => download(path, name), { place }), place);
}

/** The name of a file, for a document with a title. */
export const fileName = (title, ending) =>
    `${(title || "document").replaceAll(/[\\/:*?"<>|\n]/g, " ").trim()}.${ending}`;

/** A form whose texts stay in this browser until they are sent. */
export function kept(name, element) {
    const boxes = () => element.querySelectorAll("textarea, input:not([type=file], [type=radio], [type=checkbox])");
    const draft = draftOf(name) ?? {};
    for (const box of boxes()) box.value = draft[box.name] || box.value;
    element.addEventListener("input", () =>
        keepDraft(name, Object.fromEntries([...boxes()].map((box) => [box.name, box.value]))));
    element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
    });
    return element;
}

/** What somebody has written, in Markdown. */
export const said = (text) => text && h("div", { class: "text" }, markdown(text));

/** Files that came with something; `path` is where each is got. */
export const files = (ids, path) => ids?.length > 0 && h("ul", { class: "plain" }, ids.map((id, index) =>
    h("li", {}, saving(
        t("Download file {number}", { number: index + 1 }), `${path}/files/${id}`, `${t("File")} ${index + 1}`))));

/** Gives a file to the agency; its id. */
export async function upload(file) {
    const response = await call(`/v1/portal/files?name=${encodeURIComponent(file.name)}`, {
        method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
    });
    return (await response.json()).id;
}

/** What a form says, with the file that was chosen in it, if any. */
export const withFile = async ({ file, ...said }) =>
    ({ ...said, ...(file?.size && { attachments: [await upload(file)] }) });
