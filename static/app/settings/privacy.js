import { call, may } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { ask, asked, operate } from "../records/ask.js";
import { confirm } from "../../ui/dialog.js";
import { doing, fill, h, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { dayOf } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";
import { listPage } from "./parts.js";

const whom = () => ({ name: "email", label: t("Email"), inputType: "email", required: true });
const isOpen = ({ status }) => ["received", "in_progress"].includes(status);

/** Lists who has asked for what the law gives them, until when it is to be answered, and what was done. */
export const privacyRequests = listPage("privacy-requests", () => ({
    about: t("Anyone who asks to see, correct or have erased what is kept about them gets an answer within a month. Requests by email and in the portal are entered by themselves."),
    facts: ["name", "result", "address_digest"], isFixed: (request) => !isOpen(request),
    actions: answers, lead: standing, panels: (request) => request.result
        && section(t("What was done"), {}, report(request.result)),
    below: () => h("details", { class: "fold" },
        h("summary", {}, t("Hand out or erase without a request")), direct()),
}));

/** Offers the answers to an open request; who asks is confirmed before anything leaves or goes. */
function answers(request, tools) {
    if (!isOpen(request)) return null;
    const { kind, identity_check: confirmed } = request, mayWrite = may("privacy_requests:write");
    const trouble = h("div"), isExport = ["access", "portability"].includes(kind);
    const act = (label, run, more) => doing(label, run, { place: trouble, ...more });
    const primary = { class: "primary" };
    return [
        !confirmed && mayWrite && h("button", { type: "button", class: "primary",
            onclick: () => confirmWho(request, tools) }, t("Confirm identity")),
        confirmed && isExport && may("privacy:export") && act(t("Export"), () => handOut(request, tools), primary),
        confirmed && kind === "erasure" && may("privacy:erase")
            && act(t("Erase person"), () => erase(request, tools), { class: "grave" }),
        confirmed && !isExport && kind !== "erasure" && mayWrite && h("button", { type: "button", class: "primary",
            onclick: () => say("complete", request, tools) }, t("Complete")),
        mayWrite && !request.extended_at && new Date(request.due_at) > new Date() && h("button", { type: "button",
            onclick: () => say("extend", request, tools) }, t("Extend")),
        mayWrite && h("button", { type: "button", onclick: () => say("refuse", request, tools) }, t("Refuse")),
        trouble,
    ];
}

/** Tells the time that is left, and what is missing before it can be answered. */
function standing(request) {
    if (!isOpen(request)) return null;
    const isLate = new Date(request.due_at) < new Date();
    return h("p", { class: `notice ${isLate ? "warn" : ""}` },
        isLate ? pieces("The answer was due on {day}.", { day: dayOf(request.due_at) })
            : pieces("The answer is due by {day}.", { day: dayOf(request.due_at) }),
        !request.identity_check && [" ", t("Confirm first that the person asks themselves.")]);
}

function confirmWho(request, { kind, reload }) {
    ask({
        title: t("Confirm identity"), action: t("Confirm identity"), said: t("Identity confirmed"),
        text: t("Nothing is handed out or erased for somebody else. Keep no copy of a document that you were shown."),
        fields: [{ ...kind.fields.get("identity_check"), required: true, help: null }],
        async run(body) {
            await call(`/v1/privacy/requests/${encodeURIComponent(request.id)}`, { method: "PATCH", body,
                headers: { "If-Match": `"${request.version}"` } });
            reload();
        },
    });
}

/** The words with which a request is extended, refused or completed. */
function say(verb, request, { reload }) {
    const reason = asked.long("reason", t("Reason"), { required: true });
    const own = `/v1/privacy/requests/${encodeURIComponent(request.id)}`;
    const { title, text, field, said, path } = {
        extend: () => ({ path: `${own}/extend`, title: t("Extend the time?"), said: t("Time extended"),
            field: reason, text: t("You get two more months. Tell the person so, and why, before the first month is over.") }),
        refuse: () => ({ path: `${own}/refuse`, title: t("Refuse the request?"), said: t("Request refused"),
            field: reason, text: t("Tell the person why, and that they may complain to the supervisory authority.") }),
        complete: () => ({ path: `${own}/complete`, title: t("Complete the request"), said: t("Request completed"),
            field: asked.long("outcome", t("What was done"), { required: true }) }),
    }[verb]();
    ask({
        title, text, said, fields: [field], isGrave: verb === "refuse",
        action: { extend: t("Extend"), refuse: t("Refuse"), complete: t("Complete") }[verb],
        async run(body) {
            await operate(path, { version: request.version, body });
            reload();
        },
    });
}

async function handOut(request, { reload }) {
    save(await (await call("/v1/privacy/export", { method: "POST", body: { request_id: request.id } })).text());
    await reload();
}

async function erase(request, { reload }) {
    const isMeant = await confirm({
        title: t("Erase this person?"), action: t("Erase person"), isGrave: true,
        text: t("{email} is erased everywhere. This cannot be undone.", { email: request.address ?? request.name }),
    });
    if (!isMeant) return;
    await call("/v1/privacy/erase", { method: "POST", body: { request_id: request.id } });
    toast(t("The person is erased"));
    await reload();
}

/** Saves what was handed out byte for byte: the register has its digest. */
function save(text) {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    h("a", { href: url, download: t("person.json") }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    toast(t("The file is saved"));
}

/** The two operations by themselves, for whoever asks on the telephone, or for nobody's request. */
const direct = () => [
    may("privacy:export") && section(t("Hand out"), { class: "narrow-form" },
        quiet(t("Everything that is known of a person, as a file. The law gives you a month for it.")), exporter()),
    may("privacy:erase") && section(t("Erase"), { class: "narrow-form" },
        quiet(t("Name, address and words of a person go from every record. What the law wants kept stays.")), eraser()),
    h("p", { class: "links" }, may("audit:read") && h("a", { href: "#/settings/audit-log" },
        t("What was handed out and erased is in the audit log")), h("a", { href: "#/settings/suppressions" },
        t("Suppressions"))),
];

function exporter() {
    const done = h("div");
    return [controlForm({ action: t("Export"), isPrimary: false, fields: [whom()], async save({ values }) {
        const text = await (await call("/v1/privacy/export", { method: "POST", body: values })).text();
        save(text);
        fill(done, notice(t("Handed out for {email}", { email: values.email }), JSON.parse(text)));
    } }), done];
}

function eraser() {
    const done = h("div");
    return [controlForm({ action: t("Erase person"), isPrimary: false, fields: [whom()], async save({ values }) {
        const isMeant = await confirm({
            title: t("Erase this person?"), action: t("Erase person"), isGrave: true,
            text: t("{email} is erased everywhere. This cannot be undone.", { email: values.email }),
        });
        if (!isMeant) return;
        const answer = await (await call("/v1/privacy/erase", { method: "POST", body: values })).json();
        toast(t("The person is erased"));
        fill(done, notice(t("Erased: {email}", { email: values.email }), answer));
    } }), done];
}

const notice = (title, answer) => h("div", { class: "notice good", ...polite },
    h("p", {}, h("strong", {}, title)), report(answer));

/** Tells how much of each kind was handed out or erased, and what is kept by law. */
function report(answer) {
    const all = Object.entries(answer.data ?? answer.exported ?? answer.erased ?? {})
        .map(([name, each]) => [name, Array.isArray(each) ? each.length : each]).filter(([, count]) => count > 0);
    return [
        all.length > 0 && h("ul", {}, all.map(([name, count]) => h("li", {}, pair(words(name), number(count))))),
        answer.kept?.length > 0 && [h("p", {}, t("Kept, and why:")),
            h("ul", {}, answer.kept.map(({ what, reason }) => h("li", {}, pair(words(what), reason))))],
        !all.length && quiet(t("There was nothing besides the person's own record.")),
        answer.sha256 && h("p", { class: "hint" }, t("Digest of the file (SHA-256): {digest}", {
            digest: answer.sha256 })),
    ];
}
