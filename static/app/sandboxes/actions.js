import { call } from "../api.js";
import { enterSandbox, keepToken, tokenOf } from "../borrowed.js";
import { ask } from "../controls/controls.js";
import { shownOnce } from "../settings/keys.js";
import { alarm } from "../../ui/alarm.js";
import { lasting } from "../../ui/busy.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { fill, h, quiet, whyNot } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { hold, polite, release, spokenAs, urgent } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { instantIn } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

export const pathOf = (id) => `/v1/sandboxes/${encodeURIComponent(id)}`;

/** A token for the sandbox: one that this tab has seen, or a new one in the place of the last. */
export async function tokenFor({ id }) {
    const known = tokenOf(id);
    if (known) return known;
    const { token } = await (await call(`${pathOf(id)}/token`, { method: "POST" })).json();
    keepToken(id, token);
    return token;
}

export async function enter(one) {
    const token = await tokenFor(one);
    enterSandbox({ id: one.id, name: one.name, now: one.now, token });
    toast(t("You are in {sandbox} now", { sandbox: one.name }));
}

/** Makes a sandbox, and enters it if so wished. */
export function makeSandbox({ onSaved, onClose } = {}) {
    ask({
        title: t("New sandbox"), onSaved, onClose, told: t("Sandbox created"), fields: [
            { name: "name", label: t("Name"), required: true, help: t("What is to be tried in it.") },
            { name: "from", label: t("Made from"), type: "choice", required: true, default: "live", options: [
                ["live", t("A copy of this agency")], ["empty", t("Nothing")],
            ] },
        ],
        more: [
            { name: "start_at", label: t("Its clock begins at"), type: "instant", help: t("Empty: now.") },
            { name: "seed", label: t("Chance begins with"), type: "number", isWhole: true,
                help: t("Two sandboxes with the same number throw the same dice.") },
        ],
        async save({ values }) {
            const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
            const progress = lasting(values.from === "live" ? t("Copying the agency") : t("Making the sandbox"));
            const made = await call("/v1/sandboxes", { method: "POST", body }).then((answer) => answer.json())
                .finally(() => progress.end());
            if (made.token) keepToken(made.id, made.token);
        },
    });
}

/** A new token, for programs; the one before stops working. */
export async function showToken(one) {
    const isMeant = await confirm({ title: t("New token for programs?"), action: t("New token"),
        text: t("The token before stops working, and anyone who is in the sandbox with it has to enter again.") });
    if (!isMeant) return;
    const { token } = await (await call(`${pathOf(one.id)}/token`, { method: "POST" })).json();
    keepToken(one.id, token);
    const { close } = dialog({ title: t("Token of {sandbox}", { sandbox: one.name }),
        content: () => shownOnce(t("Token for the API"), token, () => close()) });
}

export async function remove(one) {
    const isMeant = await confirm({ title: t("Delete sandbox?"), action: t("Delete"), isGrave: true,
        text: t("{sandbox} goes with all that is in it.", { sandbox: one.name }) });
    if (!isMeant) return false;
    try {
        await call(pathOf(one.id), { method: "DELETE" });
        toast(t("Sandbox deleted"));
        return true;
    } catch (problem) {
        alarm(t("Not deleted: {why}", { why: whyNot(problem) }));
        return false;
    }
}

const spans = () => [
    ["PT1H", t("An hour")], ["P1D", t("A day")], ["P7D", t("A week")], ["P30D", t("30 days")], ["to",
        t("Until a moment")],
];

/** Lets time pass in a sandbox, with what runs meanwhile; resolves once it is there. */
export function advancer(one, { onDone }) {
    const place = h("div", { class: "notices" });
    const span = h("select", spokenAs(t("How long")), spans().map(([code, said]) =>
        h("option", { value: code }, said)));
    span.value = "P1D";
    const until = h("input", { type: "datetime-local", ...spokenAs(t("Until")), hidden: true });
    span.addEventListener("change", () => (until.hidden = span.value !== "to"));
    const button = h("button", { type: "button", class: "primary", onclick: run }, t("Advance clock"));
    async function run() {
        const body = span.value === "to" ? { to: new Date(until.value).toISOString() } : { by: span.value };
        if (!hold(button)) return;
        const from = new Date(one.now).getTime(), length = { PT1H: 3.6e6, P1D: 8.64e7, P7D: 6.048e8, P30D: 2.592e9 };
        const goal = body.to ? new Date(body.to).getTime() : from + length[body.by];
        const bar = h("progress", { max: 100, value: 0, ...spokenAs(t("Time that has passed")) }), at = h("span", {});
        fill(place, bar, quiet(at));
        const look = setInterval(async () => {
            const { now } = await call(`${pathOf(one.id)}/clock`).then((answer) => answer.json(), () => ({}));
            if (!now) return;
            bar.value = 100 * (new Date(now).getTime() - from) / Math.max(1, goal - from);
            fill(at, instantIn(now));
        }, 700);
        try {
            const done = await (await call(`${pathOf(one.id)}/clock/advance`, { method: "POST", body })).json();
            fill(place, told(done));
            await onDone?.(done);
        } catch (problem) {
            fill(place, h("p", { class: "fault", ...urgent }, whyNot(problem)));
        }
        clearInterval(look);
        release(button);
    }
    return h("div", {}, h("div", { class: "actions" }, span, until, button), place);
}

const told = ({ now, ran }) => h("div", { class: "notice good", ...polite },
    h("p", {}, h("strong", {}, t("It is {time} there now.", { time: instantIn(now) }))),
    h("p", {}, [plural(ran.agents, "{count} agent run", "{count} agent runs"), plural(ran.messages, "{count} message",
        "{count} messages"), t("{count} jobs in all", { count: number(ran.jobs) })].join(", ")));
