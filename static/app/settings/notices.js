import { call, get } from "../api.js";
import { alarm } from "../../ui/alarm.js";
import { announce, doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { spokenAs, spokenName } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { pair, t } from "../../ui/words.js";

/* Sets what reaches the person of each kind of notifications, and by which channel. */

const path = "/v1/notifications/preferences";
const channels = () => [["console", t("In the console")], ["mail", t("By email")], ["webhook", t("In a team chat")]];

/** The table of kinds; its `reload` shows what the channels' own rules make of it now. */
export function kindsOfNotices(signal) {
    const trouble = h("div");
    const place = pending(async () => {
        const [kinds, now] = await Promise.all([get("/v1/notifications/kinds?limit=200", signal), get(path, signal)]);
        return { kinds: kinds.data, now };
    }, ({ kinds, now }) => table(t("Kinds of notifications"), [t("Kind"), ...channels().map(([, text]) => text)],
        kinds.map((kind) => h("tr", {}, h("th", { scope: "row" }, kind.title),
            channels().map((channel) => h("td", {}, box(kind, channel, now))))), "choices"), { signal });
    const reset = doing(t("Choose nothing by kind"), async () => {
        await call(path, { method: "PATCH", body: { kinds: null } });
        toast(t("Settings saved"));
        await place.reload();
    }, { place: trouble, class: "small" });
    const element = section(t("What reaches you"), {},
        quiet(t("A dash stands for what is urgent alone, as the channel is set above.")), place, trouble, reset);
    return { element, reload: place.reload };

    function box({ kind, title }, [channel, text], now) {
        const one = h("input", { type: "checkbox", ...spokenAs(pair(title, text)), name: `${kind}/${channel}` });
        show(one, now, kind, channel);
        one.addEventListener("change", async () => {
            const isWanted = one.checked;
            one.disabled = true;
            try {
                await call(path, { method: "PATCH", body: { kinds: { [kind]: { [channel]: isWanted } } } });
                announce(t("{field} saved", { field: spokenName(one) }));
            } catch (problem) {
                one.checked = !isWanted;
                alarm(whyNot(problem));
            }
            one.disabled = false;
            one.focus({ preventScroll: true });
        });
        return one;
    }
}

/** Shows the person's choice for a kind, else what the channel's own rule makes of it. */
function show(one, now, kind, channel) {
    const choice = now.kinds?.[kind]?.[channel], rule = now[channel];
    one.checked = choice ?? (rule === true || rule === "always");
    one.indeterminate = (choice ?? null) === null && rule === "urgent";
}
