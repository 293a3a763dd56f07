import { doing, h, pending, quiet } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

/** Where somebody is signed in: `load` gives the sessions, and `end` ends one of them. */
export function devices({ load, end, none, signal }) {
    const trouble = h("div");
    const item = (one) => h("li", {},
        h("p", {}, h("strong", {}, deviceOf(one.user_agent)), one.current && [" ", t("(this one)")]),
        quiet(pieces("Last seen {when}, from {address}", { when: ago(one.last_seen_at ?? one.last_used_at),
            address: one.address ?? "–" })),
        quiet(pieces("Signed in {when}", { when: ago(one.created_at) })),
        !one.current && doing(t("Sign out there"), async () => {
            await end(one);
            toast(t("Signed out there"));
            await place.reload();
        }, { place: trouble, class: "small" }));
    const place = pending(load, ({ data }) => (data.length
        ? h("ul", { class: "papers" }, data.map(item)) : quiet(none)), { signal });
    return [trouble, place];
}

function deviceOf(agent) {
    const browser = /Firefox|Edg|Chrome|Safari|curl/.exec(agent ?? "")?.[0].replace("Edg", "Edge");
    const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent ?? "")?.[0].replace("Mac OS", "macOS");
    if (!browser) return t("A device");
    return system ? t("{browser} on {system}", { browser, system }) : browser;
}
