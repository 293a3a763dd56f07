import { download, get, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { saveFile } from "../records/export.js";
import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/**
 * Offers what can be done with a paper: sent once it is a draft, looked at as its client sees it, and kept as a file.
 */
export function paperActions(record, { kind, reload }) {
    const isDraft = ["draft", "ready"].includes(record.status);
    return [
        isDraft && kind.mayWrite && h("button", { type: "button", class: "primary",
            onclick: () => (kind.plural === "contracts" ? askToSendContract : askToSend)(kind, record, reload),
        }, sendLabel(kind)),
        may(`${kind.table}:read`) && menuButton(t("View"), () => paperWays(record, kind)),
    ];
}

/** A paper's file, its public page, and the link to it. */
export function paperWays(record, kind) {
    const link = record.public_url && new URL(record.public_url, location.origin).href;
    return [
        { text: t("Save as PDF"), run: () => save(record, kind) },
        link && { text: t("Client's page"), href: link },
        link && { text: t("Copy public link"), run: () => copy(link) },
    ];
}

const labels = () => ({
    proposals: [t("Send proposal"), t("Send proposal?"), t("Proposal sent")],
    contracts: [t("Send contract"), t("Send contract?"), t("Contract sent")],
    invoices: [t("Send invoice"), t("Send invoice?"), t("Invoice sent")],
    reports: [t("Send report"), t("Send report?"), t("Report sent")],
});
export const sendLabel = ({ plural }) => labels()[plural][0];

const consequences = () => ({
    proposals: t("The client gets an email with a link to the proposal, and can accept or decline it there."),
    contracts: t("The text is fixed. The client gets an email with a link, and can sign it there."),
    invoices: t("The invoice gets its number and cannot be changed any more. The client gets it by email."),
    reports: t("The client gets the report by email, and sees it in the portal."),
});

/** Sends a contract, to be signed on its own page or at a signature service that is connected. */
export async function askToSendContract(kind, { id, version }, changed) {
    const services = may("integrations:read")
        ? (await get("/v1/integrations?capability=signatures&status=active&limit=50")).data : [];
    const ways = ["built_in", ...new Set(services.map(({ provider }) => provider))];
    if (ways.length === 1) return askToSend(kind, { id, version }, changed);
    const [, title, said] = labels().contracts;
    return ask({
        title, said, action: t("Send"), values: { via: "built_in" },
        text: t("The text is fixed. The client gets our email with the link to its page; a service writes itself."),
        fields: [asked.choice("via", t("Signed on"), ways, {
            required: true, choices: [{ value: "built_in", said: t("its own page") }],
        })],
        run: async ({ via }) => {
            await operate(`${kind.path}/${encodeURIComponent(id)}/send`, { version, body: { via } });
            await changed();
        },
    });
}

/** Has the service at which a contract is to be signed remind of it. */
export function askToRemind({ id, version, title }, changed) {
    ask({
        title: t("Remind of {number}?", { number: title }), action: t("Send reminder"),
        text: t("The service writes to the person who is to sign. It can be asked once a day."),
        said: t("Reminder is on its way"),
        run: () => operate(`/v1/contracts/${encodeURIComponent(id)}/remind`, { version }).then(changed),
    });
}

/** Sends a paper after a question that says what comes of it. */
export function askToSend(kind, { id, version }, changed) {
    const [, title, said] = labels()[kind.plural];
    ask({
        title, said, action: t("Send"), text: consequences()[kind.plural],
        run: async () => {
            await operate(`${kind.path}/${encodeURIComponent(id)}/send`, { version });
            await changed();
        },
    });
}

export function save({ id, number, title, name }, kind) {
    saveFile(() => download(`${kind.path}/${encodeURIComponent(id)}.pdf`,
        `${number ?? title ?? name ?? kind.singular}.pdf`), document.querySelector("main .heading"));
}

/** Puts a link into the clipboard; where the browser has none for us, it can be copied by hand. */
export async function copy(link) {
    try {
        await navigator.clipboard.writeText(link);
        toast(t("Link copied"));
    } catch {
        const box = h("input", { type: "text", readonly: true, ...spokenAs(t("Public link")), autofocus: true });
        box.value = link;
        dialog({ title: t("Public link"), content: () => [h("p", {}, t("Copy this link.")), box] });
        box.select();
    }
}
