import { call, get, may } from "../../app/api.js";
import { follow } from "../../app/sse.js";
import { tellsTyping } from "../../app/typed.js";
import { hasNow } from "../frame.js";
import { files, inSight, keepInSight, kept, post, said } from "../parts.js";
import { announce, fill, h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { polite, spokenAs, talking } from "../../ui/state.js";
import { ago } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/* The talk of the person with the agency, live; whoever minds the client's people sees theirs, too. */

const path = "/v1/portal/messages", pageSize = 100;

export function messages({ signal }) {
    const list = h("ol", { class: "talk", ...spokenAs(t("Messages, oldest first")) });
    const known = new Set(), names = new Map();
    let me = null, isCut = false;
    const line = h("p", { class: "quiet", ...polite });
    const typing = h("p", { class: "quiet", ...talking });
    let typingEnd;
    const endTyping = () => {
        clearTimeout(typingEnd);
        fill(typing);
    };
    const showTyping = (seconds) => {
        clearTimeout(typingEnd);
        if (!typing.firstChild) fill(typing, t("The agency is typing…"));
        typingEnd = setTimeout(endTyping, seconds * 1000);
    };
    signal.addEventListener("abort", endTyping);
    const add = (message) => {
        if (known.has(message.id)) return;
        known.add(message.id);
        if (message.direction === "inbound") names.set(message.contact_id, message.author?.name);
        list.append(draw(message, me, names));
    };
    const thread = pending(async () => {
        me ??= (await get("/v1/portal/overview", signal)).me.contact_id;
        const { data } = await get(`${path}?limit=${pageSize}&sort=-created_at`, signal);
        return data.toReversed();
    }, (data) => {
        for (const message of data) add(message);
        markRead();
        return data.length ? null : quiet(t("No messages yet. Write to us and we will reply here."));
    }, { signal });
    follow(`${path}/stream`, {
        signal,
        onEvent({ type, data }) {
            if (type === "typing") return showTyping(data.seconds);
            add(data);
            if (data.direction !== "outbound" || data.contact_id !== me) return;
            endTyping();
            announce(pair(data.author?.name ?? t("The agency"), data.text));
            markRead();
        },
        onState(state) {
            fill(line, state === "live" ? "" : t("Connection lost. Reconnecting…"));
            // Messages that came meanwhile may have come before the first event that this page has seen.
            if (state === "live" && isCut) thread.reload();
            isCut = state !== "live";
        },
    }).catch(() => fill(line, t("Reload the page to see new messages.")));
    const write = may("portal:write") && kept("message", form(
        {
            action: t("Send"),
            async submit(message) {
                add(await post(path, message, "message"));
                write.reset();
                hasNow("messages");
                thread.replaceChildren();
                inSight(write);
            },
        },
        field(t("Your message"), "text", { control: "textarea", rows: 3, required: true }),
        field(t("Attachment (optional)"), "file", { type: "file" })));
    if (write) {
        tellsTyping(write, `${path}/typing`);
        keepInSight(write, list);
    }
    return { title: t("Messages"), content: [h("h1", {}, t("Messages")), thread, list, typing, line, write] };
}

const markRead = () => call(`${path}/read`, { method: "POST" }).catch(() => {});

function draw({ id, direction, author, contact_id, text, attachments, created_at }, me, names) {
    const isOwn = contact_id === me, isMine = isOwn && direction === "inbound";
    const name = author?.name ?? (direction === "inbound" ? t("A colleague") : t("The agency"));
    const who = isOwn || direction === "inbound" ? name : t("{name} to {other}",
        { name, other: names.get(contact_id) ?? t("A colleague") });
    return h("li", { class: isMine && "mine" },
        h("p", { class: "by" }, isMine ? t("You") : who, " · ", ago(created_at)),
        said(text), files(attachments, `${path}/${id}`));
}
