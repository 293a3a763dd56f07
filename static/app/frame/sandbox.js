import { get, whoIsMe } from "../api.js";
import { leaveSandbox, lentSandbox } from "../borrowed.js";
import { fill, h, throttled } from "../../ui/dom.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const pause = 5000;

/** Fills the strip by which whoever is in a sandbox always sees in which, and what time it is there. */
export function fillSandboxStrip(strip, signal) {
    const lent = lentSandbox(), sandbox = whoIsMe().sandbox ?? lent;
    const clock = h("time", {});
    const show = (now) => {
        clock.dateTime = now;
        fill(clock, instantIn(now));
    };
    show(sandbox.now);
    // Its clock goes on when somebody advances it.
    const look = throttled(pause, async () => {
        const { sandbox: now } = await get("/v1/me", signal).catch(() => ({}));
        if (now) show(now.now);
    }, signal);
    window.addEventListener("hashchange", look, { signal });
    document.addEventListener("visibilitychange", look, { signal });
    fill(strip, h("strong", { dir: "auto" }, t("Sandbox {name}", { name: sandbox.name })), " ",
        h("span", {}, t("Clock:"), " ", clock), " ", h("span", {}, t("Nothing leaves it.")), " ",
        lent && h("button", { type: "button", class: "small", onclick: leaveSandbox }, t("Leave sandbox")));
}
