import { call } from "../api.js";
import { attachments } from "../attachments.js";
import { ask, asked, operate } from "../records/ask.js";
import { badge, h, quiet, section } from "../../ui/dom.js";
import { percent } from "../../ui/format.js";
import { markdown } from "../../ui/markdown.js";
import { statusBadge } from "../../ui/status.js";
import { timeline } from "../../ui/timeline.js";
import { ago } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";
import { askCompile } from "./compile.js";
import { fileField, upload } from "./documents.js";

/** Tells a deliverable's state, and who has the next word. */
export function standing({ status, change_request, decided_at, revision }) {
    const said = {
        draft: t("A draft. Submit it, and a colleague checks it before the client sees it."),
        in_review: t("Version {number} waits for a colleague's check.", { number: revision }),
        with_client: t("Version {number} waits for the client's decision.", { number: revision }),
        changes_requested: t("Sent back with changes to make. Edit it and submit it again."),
    }[status] ?? pieces("Approved {when}.", { when: ago(decided_at) });
    return [
        h("p", { class: "standing" }, said),
        change_request && status === "changes_requested"
            && h("blockquote", { class: "notice warn", dir: "auto" }, change_request),
    ];
}

const path = ({ id }) => `/v1/deliverables/${encodeURIComponent(id)}`;

/** The next step of a deliverable: submitted, checked, decided. */
export function deliverableActions(one, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const primary = (label, onclick) => h("button", { type: "button", class: "primary", onclick }, label);
    const run = (verb, body) => operate(`${path(one)}/${verb}`, { version: one.version, body }).then(reload);
    if (["draft", "changes_requested"].includes(one.status)) {
        return primary(t("Submit for review"), () => ask({
            title: t("Submit for review?"), action: t("Submit"), said: t("Submitted for review"),
            fields: [asked.text("notes", t("Notes for the reviewer"))], run: (body) => run("submit", body),
        }));
    }
    if (one.status === "in_review") {
        return primary(t("Review"), () => ask({
            title: t("Review deliverable"), action: t("Save review"), said: t("Review saved"),
            fields: [
                asked.choice("result", t("Result"), ["passed", "not_passed"], { required: true }),
                asked.long("notes", t("Notes")),
            ],
            run: ({ result, notes }) => run("review", { passed: result === "passed", notes }),
        }));
    }
    return null;
}

/** Offers to enter the client's word from elsewhere for them, with where they said it. */
export function deliverableMenu(one, { kind, reload }) {
    if (!kind.mayWrite) return [];
    const run = (verb, body) => operate(`${path(one)}/${verb}`, { version: one.version, body }).then(reload);
    const who = () => [asked.text("name", t("Who said so")), asked.text("evidence", t("Where they said it"))];
    return [
        one.status === "with_client" && { text: t("Approve for the client"), run: () => ask({
            title: t("Approve for the client?"), action: t("Approve"), said: t("Approved"), fields: who(),
            text: t("Enter here what the client told you elsewhere."), run: (body) => run("approve", body),
        }) },
        one.status === "with_client" && { text: t("Request changes for the client"), run: () => ask({
            title: t("Request changes for the client"), action: t("Request changes"), said: t("Changes requested"),
            fields: [asked.long("text", t("What is to be changed"), { required: true }), ...who()],
            run: (body) => run("request-changes", body),
        }) },
        isOpen(one) && one.files.length > 1 && { text: t("Make one file of several"),
            run: () => askCompile(one, reload) },
        isOpen(one) && { text: t("Upload file"), run: () => ask({
            title: t("Upload file"), action: t("Upload"), said: t("File added"), fields: [fileField("file", t("File"))],
            async run({ file }) {
                const stored = await upload(file);
                await call(path(one), { method: "PATCH", body: { files: [...one.files, stored.id] },
                    headers: { "If-Match": `"${one.version}"` } });
                await reload();
            },
        }) },
    ];
}

export const isOpen = ({ status }) => ["draft", "changes_requested"].includes(status);

/** Draws a deliverable as the client sees it, how it was judged, and the versions before. */
export function drawDeliverable(one) {
    const { text, files, requirements, quality, versions, review_notes } = one;
    return [
        section(t("As the client sees it"), { class: "paper" },
            text ? h("div", { class: "prose", dir: "auto" }, markdown(text)) : null,
            attachments(files),
            !text && !files.length && quiet(t("Nothing is delivered yet. Edit the text or upload a file."))),
        (quality || requirements.length > 0 || review_notes) && section(t("Check"), {},
            review_notes && h("p", { dir: "auto" }, review_notes), drawQuality(quality),
            !quality && h("ul", {}, requirements.map((one) => h("li", { dir: "auto" }, one)))),
        versions.length > 1 && section(t("Versions"), {},
            timeline(versions.toReversed().map(version), { reversed: true })),
    ];
}

function drawQuality(quality) {
    if (!quality) return null;
    const requirements = (quality.factors ?? []).flatMap((factor) => factor.requirements ?? []);
    return [
        typeof quality.score === "number" && h("p", {}, pair(t("Quality"), quality.score <= 1
            ? percent(quality.score) : String(quality.score))),
        requirements.length > 0 && h("ul", { class: "criteria" }, requirements.map(requirement)),
    ];
}

const requirement = ({ text, met, evidence }) => h("li", {},
    badge(met ? t("Met") : t("Open"), met ? "good" : "warn"),
    h("span", { dir: "auto" }, text, evidence && h("span", { class: "evidence" }, evidence)));

const version = ({ number, submitted_at, decision, change_request, review_notes, passed }) => ({
    what: [t("Version {number}", { number }), " ",
        decision ? statusBadge(decision) : passed === false && badge(t("Not passed"), "bad")],
    of: change_request ?? review_notes, at: submitted_at,
});
