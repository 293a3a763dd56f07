import { get, may } from "../../app/api.js";
import { announce, fill, h, pending, quiet } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { ago } from "../../app/format.js";
import { follow } from "../../app/stream.js";
import { tellsTyping } from "../../app/typing.js";
import { files, send, withFile } from "../parts.js";

/* What the person and the agency say to each other, live. */

const path = "/v1/portal/messages", pageSize = 100;

export function messages({ signal }) {
    const list = h("ol", { class: "talk", "aria-label": "Messages, the oldest first" });
    const known = new Set();
    const line = h("p", { class: "quiet", role: "status" });
    const typing = h("p", { class: "quiet", role: "status", "aria-live": "polite" });
    let typingEnd;
    const endTyping = () => {
        clearTimeout(typingEnd);
        fill(typing);
    };
    const showTyping = (seconds) => {
        clearTimeout(typingEnd);
        if (!typing.firstChild) fill(typing, "The agency is typing …");
        typingEnd = setTimeout(endTyping, seconds * 1000);
    };
    signal.addEventListener("abort", endTyping);
    const add = (message) => {
        if (known.has(message.id)) return;
        known.add(message.id);
        list.append(draw(message));
    };
    const thread = pending(async () => {
        const { data } = await get(`${path}?limit=${pageSize}&sort=-created_at`, signal);
        return data.toReversed();
    }, (data) => {
        for (const message of data) add(message);
        markRead();
        return data.length ? null : quiet("Nothing was said yet. Write to us: we answer here.");
    }, { signal });
    follow(`${path}/stream`, {
        signal,
        onEvent({ type, data }) {
            if (type === "typing") return showTyping(data.seconds);
            add(data);
            if (data.direction !== "outbound") return;
            endTyping();
            announce(`${data.author?.name ?? "The agency"}: ${data.text}`);
            markRead();
        },
        onState: (state) => fill(line, state === "live" ? "" : "The connection is lost; trying again."),
    }).catch(() => fill(line, "New messages show when the page is loaded again."));
    const write = may("portal:write") && form(
        {
            action: "Send",
            async submit(said) {
                add(await send(path, await withFile(said)));
                write.reset();
                thread.replaceChildren();
            },
        },
        field("Your message", "text", { control: "textarea", rows: 3, required: true }),
        field("A file with it (if you like)", "file", { type: "file" }));
    if (write) tellsTyping(write, `${path}/typing`);
    return { title: "Messages", content: [h("h1", {}, "Messages"), thread, list, typing, line, write] };
}

const markRead = () => send(`${path}/read`).catch(() => {});

function draw({ id, direction, author, text, attachments, created_at }) {
    const isMine = direction === "inbound";
    return h("li", { class: isMine && "mine" },
        h("p", { class: "by" }, isMine ? "You" : author?.name ?? "The agency", " · ", ago(created_at)),
        h("p", { class: "said" }, text), files(attachments, `${path}/${id}`));
}
