import { ask, asked, operate } from "../records/ask.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Sends an approved content item to a blog, and settles what became of one that was lost on its way. */
export function publishingActions({ id, version, format, status, publishing }, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const path = `/v1/content-items/${encodeURIComponent(id)}`;
    const publish = () => ask({
        title: t("Publish on a blog?"), action: t("Publish on a blog"), said: t("The content is on its way"),
        text: status === "scheduled"
            ? t("It is published there at its planned time, and once. Moved in the calendar, it goes along.")
            : t("It is published there as soon as the blog has taken it, and once."),
        fields: [asked.record("integration_id", t("Blog"), "integrations", { required: true })],
        run: (body) => operate(`${path}/publish`, { version, body }).then(reload),
    });
    const resolve = () => ask({
        title: t("Is it published on the blog?"), action: t("Save"), said: t("Saved"),
        text: t("The blog did not tell. Look there first: it is not published again by itself."),
        fields: [asked.choice("outcome", t("On the blog"), ["published", "not_published"], { required: true })],
        run: (body) => operate(`${path}/resolve`, { version, body }).then(reload),
    });
    if (publishing === "unknown") {
        return h("button", { type: "button", class: "primary", onclick: resolve },
            t("Say whether it is published there"));
    }
    const isUnderWay = ["waiting", "held", "publishing"].includes(publishing);
    // An item that people have got may stand on a blog, too.
    const isTold = format === "message" && status === "published" && (!publishing || publishing === "failed");
    return (["approved", "scheduled"].includes(status) || isTold) && !isUnderWay
        ? h("button", { type: "button", onclick: publish }, t("Publish on a blog")) : null;
}
