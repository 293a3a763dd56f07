import { may } from "../api.js";
import { fill, h } from "../../ui/dom.js";
import { region } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { talkTabs } from "./talktabs.js";
import { conversation } from "./conversation.js";
import { conversationList } from "./conversationlist.js";
import { newMessage } from "./newmessage.js";

/** The inbox as it stands: going from one conversation to the next leaves the list where it is. */
let shell = null;

/** Three panes: the conversations, one of them, and whom it is with; on a phone one at a time. */
export function inbox({ id, query, signal }) {
    // Going to the same place once more is a wish to see it anew.
    if (shell && shell.id === (id ?? null)) end();
    shell ??= open(query);
    const own = shell, turn = ++own.turn;
    signal.addEventListener("abort", () => setTimeout(() => shell === own && own.turn === turn && end()));
    own.show(id ?? null, signal);
    return { title: id ? t("Conversation") : t("Inbox"), content: [own.element] };
}

function end() {
    shell.leave.abort();
    shell = null;
}

function open(query) {
    const leave = new AbortController();
    let talk = null;
    const list = conversationList({ query, signal: leave.signal, onChange: () => talk?.drawSteps() });
    const head = h("div", { class: "inbox-head" });
    const side = h("div", { class: "inbox-list", ...region(t("Inbox")) }, head, list.element);
    const element = h("div", { class: "inbox" });
    const own = { element, leave, turn: 0, id: undefined };

    own.show = (id, signal) => {
        const top = list.top();
        own.id = id;
        list.choose(id);
        // One heading of the first level on the page: that of what is read.
        fill(head, h("div", { class: "heading" }, h(id ? "h2" : "h1", {}, t("Inbox")),
            may("messages:write") && h("button", { type: "button", class: "small", "data-key": "n", onclick: newMessage },
                t("New message"))), talkTabs("/inbox"));
        element.dataset.shown = id ? "talk" : "list";
        talk = id && conversation({
            id, signal, back: list.address(null), beside: list.beside,
            told: (next) => (Object.keys(next).length ? list.change(id, next) : list.reload()),
            showPerson() {
                element.dataset.shown = element.dataset.shown === "person" ? "talk" : "person";
                if (element.dataset.shown === "person") closer.focus();
            },
        });
        const closer = h("button", { type: "button", class: "small person-close", onclick() {
            element.dataset.shown = "talk";
            talk.element.querySelector(".person-button")?.focus();
        } }, t("Back to conversation"));
        fill(element, side, talk ? [talk.element, h("div", { class: "person-pane" }, closer, talk.person)] : nobody());
        queueMicrotask(() => {
            list.scroll(top);
            list.reach();
        });
    };
    return own;
}

const nobody = () => h("div", { class: "talk-main nobody" },
    h("p", {}, h("strong", {}, t("Choose a conversation"))),
    h("p", { class: "quiet" }, t("j and k move through the list, Enter opens, r replies, a assigns.")));
