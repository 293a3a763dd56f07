import { get, may } from "../../app/api.js";
import { files, inSight, keepInSight, kept, listPage, post, recordPage, said } from "../parts.js";
import { announce, fill, h, pending, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* The client's requests to the agency. */

export const tickets = ({ signal }) => listPage(t("Requests"), "/v1/portal/tickets", {
    signal, none: t("No requests yet."),
    before: may("portal:write") && h("p", {},
        h("a", { class: "button primary", href: "#/tickets/new" }, t("New request"))),
    item: ({ id, number, subject, status, updated_at }) => [
        h("h2", {}, h("a", { href: `#/tickets/${id}` }, subject)),
        h("p", { class: "badges" }, statusBadge(status),
            h("span", { class: "quiet" }, t("No. {number}", { number }), ", ", ago(updated_at))),
    ],
});

export function newTicket() {
    const fields = kept("request", form(
        {
            action: t("Send"),
            async submit(body) {
                const made = await post("/v1/portal/tickets", body, "request");
                location.hash = `#/tickets/${made.id}`;
            },
        },
        field(t("Subject"), "subject", { required: true, maxlength: 300 }),
        field(t("How can we help?"), "body", { control: "textarea", rows: 6, required: true }),
        field(t("Attachment (optional)"), "file", { type: "file" })));
    return {
        title: t("New request"),
        content: [h("p", { class: "links" }, h("a", { href: "#/tickets" }, t("Requests"))),
            h("h1", {}, t("New request")), fields],
    };
}

export function ticket({ id, signal }) {
    const path = `/v1/portal/tickets/${encodeURIComponent(id)}`;
    return recordPage(t("Request"), path, ["/tickets", t("Requests")], {
        signal, name: ({ subject }) => subject,
        draw(one) {
            const details = h("div", {}, drawDetails(one));
            const thread = pending(() => get(`${path}/messages?limit=200`, signal), ({ data }) =>
                h("ol", { class: "talk", ...spokenAs(t("Messages, oldest first")) },
                    entry({
                        isMine: true, who: t("You"), at: one.created_at, text: one.body,
                        more: files(one.attachments, path),
                    }),
                    data.map((message) => entry({
                        isMine: message.direction === "inbound", at: message.created_at, text: message.text,
                        more: files(message.attachments, path),
                        who: message.author?.name ?? (message.direction === "inbound" ? t("You") : t("The agency")),
                    }))), { signal });
            keepUp(thread, signal);
            const draft = `request ${id}`;
            const answer = may("portal:write") && kept(draft, form(
                {
                    action: t("Send"),
                    async submit(message) {
                        await post(`${path}/messages`, message, draft);
                        answer.reset();
                        announce(t("Sent to the agency."));
                        const [now] = await Promise.all([get(path, signal), thread.reload()]);
                        fill(details, drawDetails(now));
                        inSight(answer);
                    },
                },
                field(t("Your reply"), "text", { control: "textarea", rows: 4, required: true }),
                field(t("Attachment (optional)"), "file", { type: "file" })));
            if (answer) keepInSight(answer, thread);
            return [details, thread, answer];
        },
    });
}

const drawDetails = ({ number, status, resolution }) => section(t("Details"), {}, facts([
    [t("Number"), number], [t("Status"), statusBadge(status)], [t("Resolution"), resolution && said(resolution)],
]));

/** The portal has a stream of its messages only: an answer to a request is looked for while somebody reads it. */
function keepUp(thread, signal) {
    const timer = setInterval(() => {
        if (!thread.isConnected) clearInterval(timer);
        else if (!document.hidden) thread.reload();
    }, 3000);
    signal.addEventListener("abort", () => clearInterval(timer));
}

const entry = ({ isMine, who, at, text, more }) => h("li", { class: isMine && "mine" },
    h("p", { class: "by" }, who, " · ", ago(at)), said(text), more);
