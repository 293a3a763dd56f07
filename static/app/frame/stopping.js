import { call, get, may } from "../api.js";
import { dialog } from "../../ui/dialog.js";
import { doing, failure, fill, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { number } from "../../ui/format.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/** Asks why everything is to stop; `look` is called once it does. */
export function askToStop(look) {
    const { close } = dialog({
        title: t("Stop all sending?"),
        content: () => [
            h("p", {},
                t("Nothing goes out any more, from agents or people, until sending is resumed. What waits is kept.")),
            form({ action: t("Stop sending"), async submit({ reason }) {
                await call("/v1/brakes", { method: "POST", body: { scope: "tenant", reason: reason.trim() } });
                await look();
                close();
                toast(t("Sending is stopped"));
            } }, field(t("Reason"), "reason", {
                required: true, maxlength: 500, autofocus: true, hint: t("Shown to everyone while sending is stopped."),
            })),
            may("messages:read") && h("p", { class: "links" },
                h("a", { href: "#/outbox" }, t("Stop only one channel")),
                may("clients:read") && h("a", { href: "#/clients" }, t("Stop only one client, on its page"))),
        ],
    });
}

/** Reads how much is held, and how much had left before. */
function figuresOf(id) {
    const place = h("p", { class: "quiet" });
    get(`/v1/brakes/${encodeURIComponent(id)}`).then(({ held, left }) => fill(place,
        t("Held: {held}. Sent in the 24 hours before, or on the way: {left}.",
            { held: number(held), left: number(left) })),
    () => {});
    return place;
}

/** Asks whether sending goes on. */
export function askToResume({ id, version }, look) {
    const trouble = h("div");
    const onProblem = ({ status }) => [409, 412].includes(status)
        && failure({ title: t("Sending was not resumed."), detail: t("This stop has changed meanwhile.") });
    const { close } = dialog({
        title: t("Resume sending?"),
        content: () => [
            h("p", {}, t("What was held goes out again, as far as it is still wanted.")), figuresOf(id), trouble,
            h("div", { class: "actions end" },
                h("button", { type: "button", onclick: () => close() }, t("Cancel")),
                doing(t("Resume sending"), async () => {
                    const headers = { "If-Match": `"${version}"` };
                    const path = `/v1/brakes/${encodeURIComponent(id)}/release`;
                    const { released_at } = await (await call(path, { method: "POST", headers })).json();
                    await look();
                    close();
                    toast(released_at ? t("Sending is on")
                        : t("Your approval is recorded. Another person has to approve, too."));
                }, { place: trouble, onProblem, class: "primary", autofocus: true })),
        ],
    });
}
