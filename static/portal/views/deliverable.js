import { may } from "../../app/api.js";
import { changeForm } from "../decision.js";
import { files, recordPage, said, send } from "../parts.js";
import { announce, doing, h, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Something that was made for the client, who says yes to it, or what is to be changed. */

export function deliverable({ id, signal }) {
    const path = `/v1/portal/deliverables/${encodeURIComponent(id)}`;
    return recordPage(t("Deliverable"), path, ["/projects", t("Projects")], {
        signal, name: ({ name }) => name,
        draw: (one, reload) => [
            section(t("Details"), {}, facts([
                [t("Status"), statusBadge(one.status)], [t("Version"), one.revision],
                [t("Decided"), one.decided_at && ago(one.decided_at)],
                [t("Requested changes"), one.change_request && said(one.change_request)],
            ]), said(one.description)),
            section(t("Content"), {}, said(one.text), files(one.files, path),
                !one.text && !one.files.length && quiet(t("See the description."))),
            one.status === "with_client" && decide(path, one, reload),
            one.versions.length > 1 && section(t("Earlier versions"), {},
                h("ul", { class: "plain" },
                    one.versions.slice(0, -1).toReversed().map((version) => drawVersion(path, version)))),
        ],
    });
}

function decide(path, { name }, reload) {
    if (!may("portal:approve")) return quiet(t("Waiting for someone who can approve."));
    const place = h("div", {});
    const approve = doing(t("Approve"), async () => {
        await send(`${path}/approve`);
        announce(t("{name} approved.", { name }));
        await reload();
    }, { place, class: "primary" });
    return section(t("Your decision"), { class: "decide" },
        place, h("p", { class: "actions" }, approve), h("h3", {}, t("Need changes?")), changeForm(path, reload, false));
}

const drawVersion = (path, { number, submitted_at, decision, change_request, files: ids }) => h("li", {},
    h("p", {}, h("strong", {}, t("Version {number}", { number })), " ", ago(submitted_at), " ",
        decision && statusBadge(decision)),
    said(change_request), files(ids, path));
