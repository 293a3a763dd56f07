import { call, download, may } from "../api.js";
import { doing, h } from "../dom.js";
import { menuButton } from "../../ui/menu.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

/** What can be done with a paper: sent once it is a draft, looked at as its client sees it, and kept as a file. */
export function paperActions(record, { kind, reload }) {
    const path = `${kind.path}/${encodeURIComponent(record.id)}`;
    const isDraft = ["draft", "ready"].includes(record.status);
    return [
        isDraft && kind.mayWrite && h("button", { type: "button", class: "primary",
            onclick: () => askToSend(kind, path, reload) }, `Send ${kind.singular}`),
        may(`${kind.table}:read`) && menuButton("View", () => [
            { text: "Save as PDF", run: () => save(path, kind) },
            record.public_url && { text: "Client's page", href: record.public_url },
        ]),
    ];
}

function save(path, kind) {
    download(`${path}.pdf`, `${kind.singular}.pdf`)
        .catch((problem) => toast(`Not saved: ${problem.detail ?? problem.title}`));
}

function askToSend(kind, path, reload) {
    const trouble = h("div");
    const { close } = dialog({
        title: `Send ${kind.singular}?`,
        content: () => [
            h("p", {}, "It goes to the client by email and can then be seen at its own page."), trouble,
            h("div", { class: "actions end" },
                h("button", { type: "button", onclick: () => close() }, "Cancel"),
                doing("Send", async () => {
                    await call(`${path}/send`, { method: "POST" });
                    close();
                    toast(`${kind.singular.charAt(0).toUpperCase()}${kind.singular.slice(1)} sent`);
                    await reload();
                }, { place: trouble, class: "primary", autofocus: true })),
        ],
    });
}
