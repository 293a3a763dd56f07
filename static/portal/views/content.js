import { may } from "../../app/api.js";
import { changeForm } from "../decision.js";
import { files, listPage, recordPage, said, send } from "../parts.js";
import { announce, doing, h, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { statusBadge } from "../../ui/status.js";
import { ago, moment } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Content that speaks for the client in public, who says yes to it before, or what is to be changed. */

const base = "/v1/portal/content";

export const contents = ({ signal }) => listPage(t("Content"), base, {
    signal, none: t("None yet."),
    item: ({ id, title, status, asked_at }) => [
        h("h2", {}, h("a", { href: `#/content/${id}`, dir: "auto" }, title)),
        h("p", { class: "quiet" }, statusBadge(status), " ", asked_at && ago(asked_at)),
    ],
});

export function content({ id, signal }) {
    const path = `${base}/${encodeURIComponent(id)}`;
    return recordPage(t("Content"), path, ["/content", t("Content")], {
        signal, name: ({ title }) => title,
        draw: (one, reload) => [
            section(t("Details"), {}, facts([
                [t("Status"), statusBadge(one.status)], [t("Version"), one.revision],
                [t("Planned"), one.planned_at && moment(one.planned_at)],
                [t("Decided"), one.decided_at && ago(one.decided_at)],
            ])),
            section(t("Content"), {}, one.subject && h("p", { dir: "auto" }, h("strong", {}, one.subject)),
                said(one.body), files(one.media.map(({ file_id }) => file_id), path), drawAlternatives(one.media)),
            one.status === "with_client" && decide(path, one, reload),
        ],
    });
}

/** Tells the pictures' contents to those who do not see them. */
const drawAlternatives = (media) => media.some(({ alt_text }) => alt_text)
    && h("ul", { class: "plain" }, media.filter(({ alt_text }) => alt_text)
        .map(({ alt_text }) => h("li", { class: "quiet", dir: "auto" }, alt_text)));

function decide(path, { title }, reload) {
    if (!may("portal:approve")) return quiet(t("Waiting for someone who can approve."));
    const place = h("div", {});
    const approve = doing(t("Approve"), async () => {
        await send(`${path}/approve`);
        announce(t("{name} approved.", { name: title }));
        await reload();
    }, { place, class: "primary" });
    return section(t("Your decision"), { class: "decide" },
        place, h("p", { class: "actions" }, approve), h("h3", {}, t("Need changes?")), changeForm(path, reload, false));
}
