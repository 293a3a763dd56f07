import { call, get, withQuery } from "../api.js";
import { facts, h, pending, quiet, section, table } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, money, number, words } from "../format.js";
import { paged, toTable } from "../paging.js";
import { actor, linkTo } from "../places.js";
import { confirm } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

/** Who did what, newest first; nobody can change it afterwards. */
export function auditLog({ signal }) {
    const page = (cursor) => get(withQuery("/v1/audit", { limit: 50, cursor }), signal);
    const row = ({ actor: who, action, subject, created_at }) => h("tr", {},
        h("th", { scope: "row" }, words(action)), h("td", { "data-label": "Who" }, actor(who)),
        h("td", { "data-label": "What" }, subject ? linkTo(subject) : "–"), h("td", {}, ago(created_at)));
    const check = pending(() => get("/v1/audit/verify", signal), ({ valid, ok, entries, count }) => quiet(
        valid ?? ok ?? true ? "Nothing has been changed afterwards" : "The log has been changed afterwards",
        entries ?? count ? `: ${number(entries ?? count)} entries checked.` : "."), { signal });
    return [check, pending(() => page(), (first) => {
        const list = table("Audit log", ["Action", "Who", "What", "When"], first.data.map(row), "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal })];
}

/** What is known of a person is handed out, or erased, as the law has it. */
export function privacyRequests() {
    const email = () => field("Email", "email", { type: "email", required: true });
    return [
        section("Hand out", { class: "narrow-form" },
            quiet("Everything that is known of a person, as a file."),
            form({ action: "Export", isPrimary: false, async submit({ email: address }) {
                const response = await call("/v1/privacy/export", { method: "POST", body: { email: address.trim() } });
                const url = URL.createObjectURL(await response.blob());
                h("a", { href: url, download: "person.json" }).click();
                setTimeout(() => URL.revokeObjectURL(url), 60_000);
                toast("The file is saved");
            } }, email())),
        section("Erase", { class: "narrow-form" },
            quiet("Name, address and words of a person go from every record. What the law wants kept stays."),
            form({ action: "Erase", isPrimary: false, async submit({ email: address }, notice) {
                const isMeant = await confirm({
                    title: "Erase this person?", text: `${address} is erased everywhere. This cannot be undone.`,
                    action: "Erase", isGrave: true,
                });
                if (!isMeant) return;
                await call("/v1/privacy/erase", { method: "POST", body: { email: address.trim() } });
                notice.closest("form").reset();
                toast("The person is erased");
            } }, email())),
    ];
}

/** What this month costs, and which part of it who has used. */
export function usage({ signal }) {
    return pending(() => get("/v1/costs/summary", signal), ({ month, by, proposals }) => [
        section("This month", {}, facts([
            ["Spent", money(month.spent)], ["Forecast", money(month.expected)],
            ["Plan fees", month.fees.amount > 0 && money(month.fees)],
        ])),
        by.agents.length > 0 && section("By agent", {}, costs("By agent", by.agents, ({ id }) =>
            linkTo({ type: "agent", id }))),
        proposals.length > 0 && section("Cheaper", {}, proposals.map(({ title, consequence }) =>
            h("p", {}, h("strong", {}, title), " ", consequence))),
        quiet("Each integration's use stands with it, under Integrations; limits under Budgets."),
    ], { signal });
}

function costs(caption, list, name) {
    const figure = (text) => ({ text, class: "figure" });
    return table(caption, ["Name", figure("Calls"), figure("Failed"), figure("Cost")], list.map((one) => h("tr", {},
        h("th", { scope: "row" }, name(one)), h("td", { class: "figure", "data-label": "Calls" }, number(one.calls)),
        h("td", { class: "figure", "data-label": "Failed" }, number(one.failures)),
        h("td", { class: "figure", "data-label": "Cost" }, money(one.cost)))), "stacked");
}

/** When agents work by themselves. */
export function schedules({ signal }) {
    const place = pending(() => get("/v1/schedules?limit=100", signal), ({ data }) => (data.length
        ? table("Schedules", ["Schedule", "Agent", "Next", "State"], data.map(row), "stacked")
        : quiet("No agent works by a schedule yet.")), { signal });
    const row = ({ id, name, agent, next_fires, enabled }) => h("tr", {},
        h("th", { scope: "row" }, name ?? words(agent)),
        h("td", { "data-label": "Agent" }, linkTo({ type: "agent", id: agent })),
        h("td", { "data-label": "Next" }, enabled && next_fires?.[0] ? ago(next_fires[0]) : "–"),
        h("td", {}, h("button", { type: "button", class: "small", async onclick() {
            await call(`/v1/schedules/${encodeURIComponent(id)}`, { method: "PATCH", body: { enabled: !enabled } })
                .then(() => toast(enabled ? "Schedule paused" : "Schedule resumed"), (problem) => toast(problem.title));
            await place.reload();
        } }, enabled ? "Pause" : "Resume")));
    return place;
}
