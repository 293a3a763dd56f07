import { get, may } from "../../app/api.js";
import { hasNow } from "../frame.js";
import { listPage, saving, upload } from "../parts.js";
import { announce, h, pending, quiet, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** The agency's documents, and the files that the client gives it. */
export function documents({ signal }) {
    const page = listPage(t("Files"), "/v1/portal/documents", {
        signal, none: t("The agency has not shared any files yet."),
        item: ({ id, name, kind, created_at }) => [
            h("div", { class: "row" }, h("h2", {}, name),
                saving(t("Download"), `/v1/portal/documents/${id}/content`, name)),
            h("p", { class: "quiet" }, words(kind), ", ", ago(created_at)),
        ],
    });
    const own = pending(() => get("/v1/portal/files?limit=100", signal), ({ data }) => data.length
        ? h("ul", { class: "plain" }, data.map(({ id, name, created_at }) => h("li", { class: "row" },
            h("span", {}, name, " ", h("span", { class: "quiet" }, ago(created_at))),
            saving(t("Download"), `/v1/portal/files/${id}/content`, name))))
        : quiet(t("None yet.")), { signal });
    const giving = may("portal:write") && form(
        {
            action: t("Upload"),
            async submit({ file }) {
                if (!file?.size) throw { title: t("Choose a file."), detail: "" };
                await upload(file);
                giving.reset();
                announce(t("File uploaded."));
                hasNow("files");
                await own.reload();
            },
        },
        field(t("File"), "file", { type: "file", hint: t("Up to 25 MB.") }));
    return { title: page.title, content: [page.content, section(t("Files from you"), {}, own, giving)] };
}
