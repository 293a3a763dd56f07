import { call, may } from "../api.js";
import { attachments } from "../attachments.js";
import { fileField, upload } from "../delivery/documents.js";
import { ask, asked, operate } from "../records/ask.js";
import { h, section } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const path = ({ id }) => `/v1/content-items/${encodeURIComponent(id)}`;

/** Tells where a content item stands on its way to a yes, and who has the next word. */
export function standing({ status, revision, review_notes, change_request, approval_url }) {
    const said = {
        idea: t("An idea. Write it, then submit it for review."),
        in_review: t("Version {number} waits for a colleague's check.", { number: revision }),
        with_client: t("Version {number} waits for the client's decision.", { number: revision }),
    }[status];
    return [
        said && h("p", { class: "standing" }, said),
        status === "with_client" && approval_url && h("p", {},
            h("a", { href: approval_url, rel: "noopener noreferrer" }, t("The client's page"))),
        status === "draft" && (change_request || review_notes)
            && h("blockquote", { class: "notice warn", dir: "auto" }, change_request || review_notes),
    ];
}

/** The next step of a content item: submitted, or reviewed. */
export function reviewActions(item, { kind, reload }) {
    const primary = (label, onclick) => h("button", { type: "button", class: "primary", onclick }, label);
    const { version } = item;
    if (kind.mayWrite && ["idea", "draft"].includes(item.status)) {
        return primary(t("Submit for review"), () => ask({
            title: t("Submit for review?"), action: t("Submit"), said: t("Submitted for review"),
            run: () => operate(`${path(item)}/submit`, { version }).then(reload),
        }));
    }
    if (may("approvals:decide") && item.status === "in_review") {
        return primary(t("Review"), () => ask({
            title: t("Review content"), action: t("Save review"), said: t("Review saved"),
            fields: [
                asked.choice("result", t("Result"), ["passed", "not_passed"], { required: true }),
                asked.long("notes", t("Notes")),
            ],
            run: ({ result, notes }) => operate(`${path(item)}/review`, {
                version, body: { passed: result === "passed", notes },
            }).then(reload),
        }));
    }
    return null;
}

/** A picture or film comes with what it shows, for those who do not see it; a client who is silent is asked again. */
export const reviewMenu = (item, { kind, reload }) => (kind.mayWrite ? [
    item.status === "with_client" && { text: t("Ask the client again"), run: () => ask({
        title: t("Ask the client again?"), action: t("Ask again"), said: t("The client is asked again"),
        text: t("Those who may approve get the link by mail, at most once a day."),
        run: () => operate(`${path(item)}/remind`, { version: item.version }).then(reload),
    }) },
    { text: t("Add a picture or film"), run: () => ask({
        title: t("Add a picture or film"), action: t("Upload"), said: t("File added"),
        fields: [fileField("file", t("File")), asked.text("alt_text", t("What it shows"))],
        async run({ file, alt_text }) {
            const { id } = await upload(file), added = { file_id: id, alt_text: alt_text ?? "" };
            await call(path(item), { method: "PATCH", body: { media: [...item.media, added] },
                headers: { "If-Match": `"${item.version}"` } });
            await reload();
        },
    }) },
] : []);

export const media = (item) => item.media.length > 0
    && section(t("Pictures and films"), {}, attachments(item.media.map(({ file_id }) => file_id)));
