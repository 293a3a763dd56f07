import { get, withQuery } from "../api.js";
import { linkTo, placeOf } from "../places.js";
import { live } from "../stream.js";
import { announce, h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { press, pressed } from "../../ui/state.js";
import { timeline } from "../../ui/timeline.js";
import { plural, t } from "../../ui/words.js";

const readMax = 60, shownMax = 12, spanMax = 3_600_000;

/** Shows the agency's events, the newest on top; those that come often within an hour are one line. */
export function feed(signal) {
    let newest = null, unheard = 0, isPaused = false;
    const load = () => get(withQuery("/v1/events", { sort: "-created_at", limit: readMax }), signal);
    const list = pending(load, ({ data }) => {
        const at = data.findIndex(({ id }) => id === newest);
        unheard += newest ? (at < 0 ? data.length : at) : 0;
        newest = data[0]?.id ?? null;
        // Notifications are behind the bell.
        const happened = data.filter(({ type }) => !type.startsWith("notification."));
        return happened.length ? timeline(folded(happened).slice(0, shownMax).map(line))
            : quiet(t("No activity yet. Actions by agents and people appear here."));
    }, { signal, interval: 5000 });
    live("*", () => !isPaused && list.reload(), signal);
    // Every line read aloud would drown the listener: a sum, now and then.
    const telling = setInterval(() => {
        if (unheard && !isPaused) announce(t("New in the activity: {count}", { count: unheard }));
        unheard = 0;
    }, 20_000);
    signal.addEventListener("abort", () => clearInterval(telling));
    const pause = h("button", { type: "button", class: "small", ...pressed(false), onclick() {
        isPaused = !isPaused;
        press(pause, isPaused);
        if (!isPaused) list.reload();
    } }, t("Pause"));
    return section(t("Activity"), { class: "activity" }, pause, list);
}

/** Lines of one kind of event each: [{type, at, subjects}]. */
function folded(events) {
    const lines = [];
    for (const { type, subject, data, created_at } of events) {
        const known = lines.find((one) => one.type === type && new Date(one.at) - new Date(created_at) < spanMax);
        const own = known ?? { type, at: created_at, subjects: new Map() };
        if (!known) lines.push(own);
        if (!own.subjects.has(subject.id)) own.subjects.set(subject.id, { subject, data });
    }
    return lines;
}

function line({ type, at, subjects }) {
    const [{ subject, data }] = subjects.values();
    const isOne = subjects.size === 1, text = isOne ? words(type) : several(type, subjects.size);
    // The list of a kind is where its records are, one level up.
    const href = !isOne && (placeOf({ type: subject.type }) ?? placeOf({ type: subject.type, id: "-" })?.slice(0, -2));
    const name = isOne ? nameOf(data) ?? nameOf(data?.record) : null;
    // "Message sent: Message" says nothing more.
    const of = isOne && (name || placeOf(subject)) && linkTo(subject, name ?? undefined);
    return { what: href ? h("a", { href }, text) : text, of, at };
}

const nameOf = (data) => [data?.company, data?.name, data?.title, data?.subject, data?.number, data?.label]
    .find((name) => typeof name === "string") ?? codeOf(data);

const codeOf = (data) => (data?.agent || data?.provider ? words(data.agent ?? data.provider) : undefined);

/** "7 SLA targets created"; where nobody has said what several are called, how often it happened. */
function several(type, count) {
    const known = {
        "lead.created": () => plural(count, "{count} lead created", "{count} leads created"),
        "lead.updated": () => plural(count, "{count} lead updated", "{count} leads updated"),
        "lead.scored": () => plural(count, "{count} lead scored", "{count} leads scored"),
        "lead.qualified": () => plural(count, "{count} lead qualified", "{count} leads qualified"),
        "contact.created": () => plural(count, "{count} contact created", "{count} contacts created"),
        "contact.updated": () => plural(count, "{count} contact updated", "{count} contacts updated"),
        "company.created": () => plural(count, "{count} company created", "{count} companies created"),
        "deal.created": () => plural(count, "{count} deal created", "{count} deals created"),
        "client.created": () => plural(count, "{count} client created", "{count} clients created"),
        "project.created": () => plural(count, "{count} project created", "{count} projects created"),
        "task.created": () => plural(count, "{count} task created", "{count} tasks created"),
        "ticket.created": () => plural(count, "{count} ticket created", "{count} tickets created"),
        "article.created": () => plural(count, "{count} article created", "{count} articles created"),
        "template.created": () => plural(count, "{count} template created", "{count} templates created"),
        "package.created": () => plural(count, "{count} package created", "{count} packages created"),
        "sla_policy.created": () => plural(count, "{count} SLA target created", "{count} SLA targets created"),
        "message.sent": () => plural(count, "{count} message sent", "{count} messages sent"),
        "message.received": () => plural(count, "{count} message received", "{count} messages received"),
        "agent_run.succeeded": () => plural(count, "{count} agent run succeeded", "{count} agent runs succeeded"),
        "agent_run.failed": () => plural(count, "{count} agent run failed", "{count} agent runs failed"),
    }[type];
    return known?.() ?? t("{what}: {count} times", { what: words(type), count });
}
