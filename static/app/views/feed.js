import { get, withQuery } from "../api.js";
import { announce, badge, failure, fill, h, quiet, refill, section, throttled } from "../dom.js";
import { ago, number, words } from "../format.js";
import { linkTo } from "../places.js";
import { follow } from "../stream.js";

const shownMax = 14;

/** The activity of the agency, live; newest on top. `onEvent` is told of each. */
export function feed(signal, onEvent) {
    const list = h("ol", { class: "feed" }), state = badge("Connecting"), trouble = h("div");
    const empty = quiet("No activity yet. Actions by agents and people appear here.");
    const names = leadNames(signal, () => draw());
    let events = [], isPaused = false, unheard = 0;

    const draw = throttled(500, () => {
        if (isPaused) return;
        empty.hidden = events.length > 0;
        refill(list, events.map((event) => line(event, names)));
    }, signal);

    // Every line read aloud would drown the listener: a sum, now and then.
    const tell = throttled(15_000, () => {
        const count = unheard === 1 ? "One new event" : `${unheard} new events, the last`;
        if (unheard && !isPaused) announce(`${count}: ${words(events[0].type)}`);
        unheard = 0;
    }, signal);

    function add(event) {
        const [newest] = events;
        // Progress of one thing is one line.
        if (newest?.type === event.type && newest.subject.id === event.subject.id) events.shift();
        events = [event, ...events].slice(0, shownMax);
    }

    async function run() {
        const recent = await get(withQuery("/v1/events", { sort: "-created_at", limit: shownMax }), signal);
        events = [];
        recent.data.toReversed().forEach(add);
        draw();
        await follow("/v1/events/stream", {
            lastID: recent.data[0]?.id, signal,
            onEvent({ id, data }) {
                // That somebody types has changed nothing.
                if (id === undefined) return;
                add(data);
                unheard += 1;
                draw();
                tell();
                onEvent(data);
            },
            onState(name) {
                fill(state, name === "live" ? "Live" : "Reconnecting");
                state.className = `badge ${name === "live" ? "good" : "warn"}`;
            },
        });
    }

    function start() {
        fill(trouble);
        run().catch((problem) => {
            if (signal.aborted) return;
            fill(trouble, failure(problem, start));
            fill(state, "Disconnected");
            state.className = "badge";
        });
    }

    const pause = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick() {
        isPaused = !isPaused;
        pause.setAttribute("aria-pressed", isPaused);
        draw();
    } }, "Pause");

    start();
    return section("Activity", {}, h("div", { class: "bar-line" }, state, pause), trouble, empty, list);
}

/** Events name leads by their ids: looks the names up, each once, and tells when one is there. */
function leadNames(signal, onName) {
    const names = new Map();
    return (id) => {
        if (names.has(id)) return names.get(id);
        names.set(id, "…");
        get(`/v1/leads/${id}`, signal).then(({ company }) => company, () => "A lead").then((name) => {
            names.set(id, name);
            onName();
        });
        return "…";
    };
}

function line({ type, subject, data, created_at }, names) {
    return h(
        "li", {},
        h("span", { class: "what" }, words(type)),
        h("span", { class: "of" }, subjectOf(subject, data, names)),
        ago(created_at));
}

function subjectOf(subject, data, names) {
    const { type, id } = subject;
    if (type === "lead") return linkTo(subject, names(id));
    if (type === "import") return linkTo(subject, `${number(data.processed ?? 0)} rows`);
    return linkTo(subject, data.title ?? (data.agent ? words(data.agent) : undefined));
}
