import { call, get, may, withQuery } from "../api.js";
import { announce, doing, fill, h, pending, quiet, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field, form } from "../forms.js";
import { number, words } from "../format.js";
import { isBeyond, paged } from "../paging.js";
import { liveUnless } from "../stream.js";
import { recount } from "../waiting.js";
import { approvalCard } from "./approval.js";

const statuses = [
    ["pending", "Pending"], ["approved", "Approved"], ["rejected", "Rejected"], ["expired", "Expired"],
    ["withdrawn", "Withdrawn"], ["", "Any"],
];

/** What agents and workflows need a person to approve, and what was decided. */
export function approvals({ query, signal }) {
    const agent = query.agent ?? "";
    let wanted = { status: query.status ?? "pending" };
    const page = (cursor) =>
        get(withQuery("/v1/approvals", { ...wanted, agent, limit: 20, cursor, total: cursor ? "" : "true" }), signal);
    const heading = h("h1", { tabindex: -1 }, agent ? `Approvals for ${words(agent)}` : "Approvals");
    const tell = teller();

    /** After a decision reading goes on at the top: what was decided is gone. */
    const decided = async () => {
        recount();
        later.clear();
        await results.reload();
        heading.focus();
    };
    const results = pending(() => page(), (first) => drawList(first, page, wanted, { decided, tell }), { signal });

    const isAtWork = () => results.querySelector("form, :checked") !== null || isBeyond(results);
    const later = liveUnless("approval.*", {
        isAtWork, reload: results.reload, onChange: recount, text: "This list has changed.", signal,
    });

    return {
        title: "Approvals",
        content: [
            heading,
            filters(
                { label: "Approvals", address: "#/approvals", wanted: { agent, ...wanted }, signal, onChange(next) {
                    wanted = { status: next.status };
                    tell.again();
                    results.reload();
                } },
                field("Show", "status", { control: "select", value: wanted.status, options: statuses })),
            later.place, results,
        ],
    };
}

function drawList(first, page, { status }, { decided, tell }) {
    if (!first.data.length) {
        tell("No approvals");
        return nothing(status);
    }
    const chosen = new Map();
    const mayChoose = status === "pending" && may("approvals:decide");
    const bulk = mayChoose && bulkBar(chosen, decided);
    const card = (approval) => approvalCard(approval, {
        decided,
        onChoose: mayChoose && ((isChosen) => {
            if (isChosen) chosen.set(approval.id, approval);
            else chosen.delete(approval.id);
            bulk.draw();
        }),
    });
    const cards = h("div", {}, first.data.map(card));
    const append = (records) => {
        const added = records.map(card);
        cards.append(...added);
        return added[0];
    };
    const approvals = first.total === 1 ? "approval" : "approvals";
    const found = `${number(first.total)} ${status === "pending" ? "pending " : ""}${approvals}`;
    tell(found);
    return [quiet(found), bulk?.element, cards, paged(first, page, append)];
}

function nothing(status) {
    if (status === "pending") {
        return h("div", { class: "empty" },
            h("p", {}, "No pending approvals."),
            quiet("Requests from workflows, and from agents that need approval, appear here. ",
                h("a", { href: "#/agents" }, "View agents")));
    }
    const pendingOnes = h("a", { href: "#/approvals" }, "Show pending approvals");
    return h("p", { class: "empty" }, "No approvals match. ", pendingOnes);
}

/** Decides each selected approval on its own; those that could not be decided are listed and stay. */
function bulkBar(chosen, decided) {
    const place = h("div", { class: "notices" }), element = h("div", { class: "bulk", hidden: true });
    const count = h("strong", {}), panel = h("div");

    async function decide(decision, more = {}) {
        const decisions = [...chosen.keys()].map((id) => ({ id, decision, ...more }));
        const answer = await call("/v1/approvals/bulk", { method: "POST", body: { decisions } });
        const { results } = await answer.json();
        const failed = results.filter((result) => result.problem);
        const done = `${number(results.length - failed.length)} decided`;
        announce(done);
        if (!failed.length) return decided();
        const titles = [...chosen.values()];
        const reasons = results.map(({ problem }, index) => problem
            && h("li", {}, h("strong", {}, titles[index].title), ": ", problem.detail ?? problem.title));
        fill(place, h("div", { class: "notice bad", role: "alert" },
            h("p", {}, `${done}. These could not be decided:`), h("ul", {}, reasons.filter(Boolean)),
            h("button", { type: "button", onclick: decided }, "Show pending approvals")));
    }
    const approve = doing("Approve selected", () => decide("approve"), { place, class: "primary" });
    const reject = h("button", { type: "button", onclick() {
        fill(panel, form(
            { action: "Reject selected", submit: ({ reason }) => decide("reject", { reason }) },
            field("Reason", "reason", { required: true, hint: "Shared with the requesters." })));
        panel.querySelector("input").focus();
    } }, "Reject selected…");
    fill(element, h("div", { class: "actions" }, count, approve, reject), place, panel);
    return {
        element,
        draw() {
            element.hidden = chosen.size === 0;
            fill(count, `${number(chosen.size)} selected`);
        },
    };
}

/** One approval, for a link from elsewhere. */
export function approval({ id, signal }) {
    const path = `/v1/approvals/${encodeURIComponent(id)}`;
    const record = pending(() => get(path, signal), (one) => {
        document.title = `${one.title} – Bureau`;
        return approvalCard(one, { decided: () => (recount(), record.reload()), isOpen: true });
    }, { signal });
    return {
        title: "Approval",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/approvals" }, "Approvals")), h("h1", {}, "Approval"), record,
        ],
    };
}
