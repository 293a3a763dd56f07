import { get, whoIsMe, withQuery } from "../api.js";
import { colleague } from "../colleagues.js";
import { naming } from "../records/naming.js";
import { live } from "../stream.js";
import { announce, badge, failure, fill, h, quiet, throttled } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { rolling } from "../../ui/rolling.js";
import { current, searching, setBusy, speakAs, unheard } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";
import { bulk } from "./bulk.js";
import { channels, shows } from "./channels.js";

const pageSize = 50, rowHeight = 78;

/** The list of conversations: unread ones on top, then the latest; it keeps itself up to date until `signal` aborts. */
export function conversationList({ query, signal, onChange }) {
    let wanted = { q: query.q ?? "", show: query.show ?? "", channel: query.channel ?? "",
        contact_id: query.contact_id ?? "" };
    let groups = [], isLoading = false, turn = 0, open = null;
    const state = h("div", { class: "list-state" }), count = h("span", { class: "quiet" });
    const picked = bulk({ reload });
    const list = rolling({
        label: t("Conversations"), height: rowHeight, draw, more,
        stamp: (one) => `${one.version} ${one.unread} ${one.id === open} ${picked.has(one.id)}`,
    });
    const all = () => groups.flatMap((group) => group.items);
    const narrowOf = () => {
        const own = shows({ me: whoIsMe().user?.id ?? "none" })
            .find(([code]) => code === wanted.show)?.[2] ?? {};
        return "unread[gt]" in own ? [own] : [{ ...own, "unread[gt]": 0 }, { ...own, unread: 0 }];
    };
    const ask = (narrow, limit, cursor) => get(withQuery("/v1/conversations", {
        q: wanted.q, channel: wanted.channel, contact_id: wanted.contact_id, ...narrow, sort: "-last_message_at",
        limit, cursor, total: cursor ? "" : "true",
    }), signal);

    async function reload() {
        const own = ++turn;
        setBusy(list.element, true);
        try {
            const next = await Promise.all(narrowOf().map(async (narrow, index) => {
                const limit = Math.min(200, Math.max(pageSize, groups[index]?.items.length ?? 0));
                const page = await ask(narrow, limit);
                return { narrow, total: page.total, ...longer(page, groups[index]) };
            }));
            if (own !== turn || signal.aborted) return;
            groups = stay(next);
            show();
        } catch (problem) {
            if (own === turn && !signal.aborted) fill(state, failure(problem, reload));
        }
        setBusy(list.element, false);
    }
    /** Keeps below a page what had been read beyond it: the list must not shrink under whoever scrolls in it. */
    function longer({ data, next_cursor: cursor, has_more }, before) {
        const fresh = { items: data, cursor, isWhole: !has_more };
        if (!has_more || !before || before.items.length <= data.length) return fresh;
        const known = new Set(data.map(({ id }) => id));
        return { ...before, items: [...data, ...before.items.filter(({ id }) => !known.has(id))] };
    }
    /**
     * Keeps the open conversation where it is: it is not unread any more, but must not jump away from under the eye.
     */
    function stay(next) {
        const at = groups[0]?.items.findIndex(({ id }) => id === open) ?? -1;
        const moved = next[1]?.items.find(({ id }) => id === open);
        if (at < 0 || !moved || groups.length !== next.length) return next;
        next[0].items.splice(at, 0, moved);
        next[1].items = next[1].items.filter((one) => one !== moved);
        return next;
    }
    async function more() {
        const group = groups.find((one) => !one.isWhole);
        if (!group || isLoading) return;
        isLoading = true;
        const own = turn;
        const page = await ask(group.narrow, 200, group.cursor).catch(() => null);
        isLoading = false;
        if (!page || own !== turn) return;
        group.items = [...group.items, ...page.data];
        Object.assign(group, { cursor: page.next_cursor, isWhole: !page.has_more });
        show();
    }
    function show() {
        const total = groups.reduce((sum, one) => sum + one.total, 0);
        // Read ones follow only when every unread one is there.
        const shown = groups[0].isWhole ? all() : groups[0].items;
        fill(count, plural(total, "{count} conversation", "{count} conversations"));
        fill(state, total === 0 && nothing());
        list.set(shown, total);
        onChange();
    }
    function nothing() {
        const isNarrowed = wanted.q || wanted.channel || wanted.contact_id || wanted.show;
        if (isNarrowed) {
            return empty(t("No conversations match."), { ways: h("a", { href: "#/inbox" }, t("Clear filters")) });
        }
        return empty(t("No open conversations"), {
            about: t("What people write by email, chat and messenger arrives here."),
            ways: h("a", { href: "#/settings/integrations" }, t("Connect a channel")),
        });
    }
    const address = (id) => withQuery(id ? `#/inbox/${id}` : "#/inbox", wanted);
    function draw(one) {
        const { id, subject, preview, unread, handler, channel, status, assignee_id, contact_id } = one;
        const who = h("span", { class: "called", dir: "auto" }, words(channel));
        const box = picked.box(one, words(channel));
        if (contact_id) naming("contacts", contact_id).then((found) => found && call(found.text));
        const call = (name) => {
            fill(who, name);
            speakAs(box, t("Select {name}", { name }));
        };
        const assignee = assignee_id && h("span", { class: "quiet" });
        if (assignee) colleague(assignee_id).then((name) => fill(assignee, name));
        return h("div", { class: `talk ${unread > 0 ? "unread" : ""} ${id === open ? "current" : ""}` },
            box,
            h("a", { href: address(id), ...current(id === open, "true") }, who,
                unread > 0 && h("span", { class: "unseen" },
                    `, ${plural(unread, "{count} unread", "{count} unread")}`)),
            ago(one.last_message_at),
            h("p", { class: "gist", dir: "auto" },
                subject && [h("span", { class: "subject" }, subject), preview && " – "],
                preview),
            h("p", { class: "badges" },
                unread > 0 && h("span", { class: "count", ...unheard }, number(unread)),
                h("span", { class: "quiet" }, words(channel)),
                handler === "waiting_for_human" && badge(t("Waiting for a person"), "warn"),
                ["high", "urgent"].includes(one.priority) && badge(words(one.priority),
                    one.priority === "urgent" ? "bad" : "warn"),
                status !== "open" && statusBadge(status), assignee));
    }
    let timer;
    const tools = h("form", { class: "inbox-tools", ...searching(t("Conversations")),
        onsubmit: (event) => event.preventDefault(),
        oninput() {
            clearTimeout(timer);
            timer = setTimeout(look, 200);
        } },
    field(t("Search conversations"), "q", { type: "search", value: wanted.q }),
    field(t("Show"), "show", { control: "select", value: wanted.show,
        options: shows().map(([code, text]) => [code, text]) }),
    field(t("Channel"), "channel", { control: "select", value: wanted.channel,
        options: [["", t("Any channel")], ...channels.map((one) => [one, words(one)])] }));

    async function look() {
        wanted = { ...wanted, ...Object.fromEntries(new FormData(tools)) };
        groups = [];
        history.replaceState(null, "", address(open));
        await reload();
        announce(count.textContent);
    }
    live("message.*,conversation.*,handover.*", throttled(500, reload, signal), signal);
    reload();
    return {
        element: h("div", { class: "talks" }, tools, picked.bar, count, state, list.element),
        address, reload,
        /** Marks which conversation is open. */
        choose(id) {
            open = id ?? null;
            list.paint();
        },
        /** The addresses of the conversations beside the open one. */
        beside() {
            const at = list.items().findIndex((one) => one.id === open);
            const by = (step) => at >= 0 && list.items()[at + step] && address(list.items()[at + step].id);
            return { previous: by(-1), next: by(1) };
        },
        /** Brings the open one into sight. */
        reach() {
            const at = list.items().findIndex((one) => one.id === open);
            if (at >= 0) list.reach(at);
        },
        /** Shows a change that has just been made at once. */
        change(id, next) {
            for (const group of groups) {
                group.items = group.items.map((one) =>
                    (one.id === id ? { ...one, ...next, version: `${one.version}+` } : one));
            }
            if (groups.length) show();
        },
        top: () => list.element.scrollTop,
        scroll: (top) => (list.element.scrollTop = top, list.paint()),
    };
}
