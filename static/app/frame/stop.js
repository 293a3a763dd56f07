import { call, get, may } from "../api.js";
import { doing, failure, fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { number, words } from "../format.js";
import { live } from "../stream.js";
import { t } from "../words.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

const place = document.getElementById("stopped");

/** Shows on every view what is stopped, from now until the session ends. */
export function watchStops(signal) {
    if (!may("brakes:read")) return;
    live("brake.*", () => look(signal), signal);
    signal.addEventListener("abort", () => fill(place));
    look(signal);
}

async function look(signal) {
    const { data } = await get("/v1/brakes?limit=50", signal).catch(() => ({ data: null }));
    if (!data || signal?.aborted) return;
    const on = data.filter(({ released_at }) => released_at === null);
    const isAll = on.some(({ scope }) => scope === "tenant");
    fill(place, on.length > 0 && h("section", { class: "stopped", "aria-label": t("Sending is stopped") },
        h("strong", {}, isAll ? t("Sending is stopped") : t("Some sending is stopped")),
        on.map((brake) => line(brake, signal))));
}

function line(brake, signal) {
    const { scope, reason } = brake;
    return h("p", {}, h("span", { dir: "auto" }, scope !== "tenant" && [stopped(brake), ": "], reason),
        may("brakes:write") && h("button", { type: "button", onclick: () => askToResume(brake, signal) },
            t("Resume sending")));
}

/** What is stopped where it is not everything: a channel, or a client by its name. */
function stopped({ scope, target }) {
    if (scope !== "client") return words(scope === "channel" ? target : scope);
    const place = h("span", {}, words(scope));
    import("../records/naming.js").then(({ named }) => fill(place, named("clients", target, words(scope))));
    return place;
}

export function askToStop() {
    const { close } = dialog({
        title: t("Stop all sending?"),
        content: () => [
            h("p", {}, t("Nothing goes out any more, from agents or people, until sending is resumed. What waits is kept.")),
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

/** How much is held, and how much had left before. */
function figuresOf(id) {
    const place = h("p", { class: "quiet" });
    get(`/v1/brakes/${encodeURIComponent(id)}`).then(({ held, left }) => fill(place,
        t("Held: {held}. Sent in the 24 hours before, or on the way: {left}.", { held: number(held), left: number(left) })),
    () => {});
    return place;
}

function askToResume({ id, version }, signal) {
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
                    await look(signal);
                    close();
                    toast(released_at ? t("Sending is on")
                        : t("Your approval is recorded. Another person has to approve, too."));
                }, { place: trouble, onProblem, class: "primary", autofocus: true })),
        ],
    });
}
