import { get, may } from "../api.js";
import { later } from "../later.js";
import { live } from "../stream.js";
import { fill, h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

const place = document.getElementById("stopped");

/** Shows on every view what is stopped, from now until the session ends. */
export function watchStops(signal) {
    if (!may("brakes:read")) return;
    live("brake.*", () => look(signal), signal);
    signal.addEventListener("abort", () => fill(place));
    setTimeout(() => look(signal));
}

async function look(signal) {
    const { data } = await get("/v1/brakes?limit=50", signal).catch(() => ({ data: null }));
    if (!data || signal?.aborted) return;
    const on = data.filter(({ released_at }) => released_at === null);
    const isAll = on.some(({ scope }) => scope === "tenant");
    fill(place, on.length > 0 && h("section", { class: "stopped", ...spokenAs(t("Sending is stopped")) },
        h("strong", {}, isAll ? t("Sending is stopped") : t("Some sending is stopped")),
        on.map((brake) => line(brake, signal))));
}

function line(brake, signal) {
    const { scope, reason } = brake;
    return h("p", {}, h("span", { dir: "auto" }, scope !== "tenant" && [stopped(brake), ": "], reason),
        may("brakes:write") && h("button", { type: "button", onclick: () => askToResume(brake, signal) },
            t("Resume sending")));
}

/** Names what is stopped where it is not everything: a channel, or a client by its name. */
function stopped({ scope, target }) {
    if (scope !== "client") return words(scope === "channel" ? target : scope);
    const place = h("span", {}, words(scope));
    import("../records/naming.js").then(({ named }) => fill(place, named("clients", target, words(scope))));
    return place;
}

const asking = () => later(() => import("./stopping.js"));

export const askToStop = () => asking().then((dialogs) => dialogs.askToStop(look));
const askToResume = (brake, signal) => asking().then((dialogs) => dialogs.askToResume(brake, () => look(signal)));
