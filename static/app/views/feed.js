import { get } from "../api.js";
import { announce, badge, failure, fill, h, quiet, section, throttled } from "../dom.js";
import { ago, words } from "../format.js";
import { follow } from "../stream.js";

const shownMax = 14;

/** What happens in the agency, as it happens; newest on top. */
export function feed(signal, onEvent) {
    const list = h("ol", { class: "feed" }), state = h("span", { class: "badge" }, "Connecting");
    const empty = quiet("Nothing has happened yet. What agents and people do appears here.");
    const trouble = h("div");
    let events = [], isPaused = false, unheard = 0;

    const draw = throttled(300, () => {
        if (isPaused) return;
        empty.hidden = events.length > 0;
        fill(list, events.map(line));
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
        const recent = await get(`/v1/events?sort=-created_at&limit=${shownMax}`, signal);
        recent.data.toReversed().forEach(add);
        draw();
        await follow("/v1/events/stream", {
            lastID: recent.data[0]?.id, signal,
            onEvent({ data }) {
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
            fill(state, "Off");
        });
    }

    const pause = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick() {
        isPaused = !isPaused;
        pause.setAttribute("aria-pressed", isPaused);
        draw();
    } }, "Pause");

    start();
    return section("What happens", {}, h("div", { class: "bar-line" }, state, pause), trouble, empty, list);
}

function line({ type, subject, data, created_at }) {
    return h(
        "li", {},
        h("span", { class: "what" }, words(type), " ", gist(type, data)),
        h("span", { class: "of" }, subjectOf(subject, data)),
        ago(created_at));
}

function subjectOf(subject, data) {
    const name = data?.company ?? data?.name ?? data?.title ?? (data?.agent && words(data.agent)) ?? subject?.id;
    if (!subject?.id || !name) return name;
    const pages = { lead: `#/leads/${subject.id}`, import: `#/import/${subject.id}` };
    return pages[subject.type] ? h("a", { href: pages[subject.type] }, name) : name;
}

/** The one figure of an event that is worth a glance. */
function gist(type, data) {
    if (type === "lead.scored" && data?.score !== undefined) return badge(data.score);
    if (type.startsWith("import.") && data?.processed !== undefined) return badge(`${data.processed} rows`);
    return null;
}
