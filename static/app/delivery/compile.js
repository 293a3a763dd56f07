import { get } from "../api.js";
import { ask } from "../controls/controls.js";
import { operate } from "../records/ask.js";
import { t } from "../../ui/words.js";

/** Makes one file of several of a deliverable's, as its next version. */
export async function askCompile({ id, version, title, files }, reload) {
    const all = await Promise.all(files.map((file) => get(`/v1/files/${encodeURIComponent(file)}`).catch(() => null)));
    const named = all.filter(Boolean).map((file) => [file.id, file.name]);
    ask({
        title: t("Make one file of several"), action: t("Make file"), told: t("File made, as a new version"),
        onSaved: reload, values: { parts: named.map(([file]) => file), as: "pdf", title },
        fields: [
            { name: "parts", label: t("Files, in this order"), type: "ticks", options: named, required: true },
            { name: "as", label: t("As"), type: "choice", required: true, options: [
                ["pdf", t("One PDF")], ["zip", t("An archive of the files as they are")],
            ] },
            { name: "title", label: t("Title"), required: true },
        ],
        save: ({ values }) => operate(`/v1/deliverables/${encodeURIComponent(id)}/compile`,
            { version, body: values }).then(() => undefined),
    });
}
