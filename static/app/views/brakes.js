import { call, get, may } from "../api.js";
import { announce, badge, doing, failure, fill, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, number, words } from "../format.js";
import { actor } from "../places.js";

/** The brakes that are on, each with what was sent before and what it holds; and the button that stops all sending. */
export function brakes(signal) {
    const place = pending(() => load(signal), (on) => drawBrakes(on, () => place.reload()), { signal });
    const element = section("Emergency stop", { class: "brake" }, place);
    element.reload = place.reload;
    return element;
}

/** What is on, newest first; the figures are asked for each, of which there are few. */
async function load(signal) {
    const { data } = await get("/v1/brakes?limit=50", signal);
    const on = data.filter(({ released_at }) => released_at === null);
    return Promise.all(on.map(({ id }) => get(`/v1/brakes/${encodeURIComponent(id)}`, signal)));
}

function drawBrakes(on, reload) {
    const isAllStopped = on.some(({ scope }) => scope === "tenant");
    return [
        on.length === 0 && quiet("Sending is on. An emergency stop (a “brake” in the API) holds everything "
            + "outbound until it is released."),
        on.map((brake) => drawBrake(brake, reload)),
        !isAllStopped && may("brakes:write") && puller(reload),
    ];
}

function drawBrake(brake, reload) {
    const { id, version, scope, target, reason, left, held, actor: who, release_votes, created_at } = brake;
    const place = h("div", { class: "notices" });
    const what = scope === "tenant" ? "All sending" : `${words(scope)} ${target}`;
    const onProblem = ({ status }) => [409, 412].includes(status)
        && failure({ title: "Sending was not resumed.", detail: "This stop has changed." }, reload, "Load latest");
    const release = doing("Resume sending", async () => {
        const headers = { "If-Match": `"${version}"` };
        const answer = await call(`/v1/brakes/${encodeURIComponent(id)}/release`, { method: "POST", headers });
        const { released_at } = await answer.json();
        announce(released_at ? "Sending resumed" : "Your approval is recorded. Another person still has to approve.");
        await reload();
    }, { place, onProblem, "aria-label": `Resume sending: ${what}` });
    return h(
        "div", { class: "notice bad" },
        h("p", {}, h("strong", {}, `${what} is stopped. `), reason),
        h("p", { class: "badges" },
            badge(`${number(held)} held`, "warn"),
            badge(`${number(left)} sent in the 24 hours before, or in transit`)),
        quiet(who ? `${actor(who)}, ` : "", ago(created_at),
            release_votes.length > 0 && `; ${number(release_votes.length)} approved resuming`),
        may("brakes:write") && h("div", { class: "actions" }, release), place);
}

/** The button, and the reason, which everyone is shown while sending is stopped. */
function puller(reload) {
    const panel = h("div");
    const pull = h("button", { type: "button", class: "stop", "aria-expanded": "false", onclick() {
        if (pull.getAttribute("aria-expanded") === "true") return shut();
        pull.setAttribute("aria-expanded", "true");
        const asked = form({ action: "Stop sending", submit: stop },
            field("Reason", "reason", {
                required: true, maxlength: 500, hint: "Shown to everyone while sending is stopped.",
            }));
        asked.querySelector(".actions").append(h("button", { type: "button", onclick: shut }, "Cancel"));
        fill(panel, asked);
        panel.querySelector("input").focus();
    } }, "Stop all sending");
    const shut = () => {
        fill(panel);
        pull.setAttribute("aria-expanded", "false");
        pull.focus();
    };
    async function stop({ reason }) {
        const answer = await call("/v1/brakes", { method: "POST", body: { scope: "tenant", reason: reason.trim() } });
        const { left } = await answer.json();
        announce(`All sending is stopped. ${number(left)} sent in the 24 hours before.`);
        await reload();
    }
    return h("div", { onkeydown: (event) => event.key === "Escape" && panel.firstChild && shut() }, pull, panel);
}
