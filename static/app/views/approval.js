import { call, may } from "../api.js";
import { announce, badge, doing, facts, failure, fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, number, tone, words } from "../format.js";
import { actor, linkTo, placeOf } from "../places.js";
import { drawValue, mergePatch, readValues, typesOf } from "../values.js";
import { drawPreview, editFields, isEditable } from "./approvalpreview.js";

/**
 * One approval: what would be done, why, until when it can be decided, and the ways to decide it. `decided` is told
 * afterwards; `onChoose` when it is to be decided among others.
 */
export function approvalCard(approval, { decided, onChoose, isOpen = false }) {
    const { title, status, tool, reason } = approval;
    const isPending = status === "pending";
    const named = `approval-${approval.id}`;
    const heading = h("h2", { id: named }, isOpen ? title : linkTo({ type: "approval", id: approval.id }, title));
    const choice = onChoose && isPending && h("input", {
        type: "checkbox", "aria-label": `Select ${title}`, onchange: (event) => onChoose(event.target.checked),
    });
    return h(
        "article", { class: "card approval", "aria-labelledby": named },
        h("div", { class: "approval-title" }, choice, heading),
        h("p", { class: "badges" },
            !isPending && badge(words(status), tone(status)),
            badge(asker(approval)), tool && badge(words(tool))),
        reason && h("p", {}, h("strong", {}, "Reason: "), reason),
        drawPreview(approval, isOpen),
        facts(isPending ? waits(approval) : became(approval)),
        isPending && may("approvals:decide") && decider(approval, decided));
}

const asker = ({ agent, owner }) => words(agent ?? owner.type);

function waits(approval) {
    const { needed, approved_by, expires_at, created_at } = approval;
    return [
        ...about(approval),
        ["Requested", ago(created_at)],
        ["Approvals", needed > 1 && `${number(approved_by.length)} of ${number(needed)}`],
        ["Expires", ago(expires_at)],
    ];
}

function became(approval) {
    const { decided_by, decided_at, decision_reason, effect } = approval;
    return [
        ...about(approval),
        ["Decided by", decided_by && actor(decided_by)],
        ["Decided", decided_at && ago(decided_at)],
        ["Reason", decision_reason],
        ["Outcome", effect && [words(effect.status ?? ""), ". ",
            effect.error?.detail ?? effect.last_error?.detail, effect.result && drawValue(effect.result)]],
    ];
}

const about = ({ subject, run_id, owner }) => [
    ["Related to", subject && subject.id !== run_id && placeOf(subject) && linkTo(subject, words(subject.type))],
    ["Requested by", runOf(run_id, owner)],
];

const runOf = (run, { type, id }) => {
    if (type === "workflow") return linkTo({ type: "workflow_run", id: run ?? id }, "Workflow run");
    return run && linkTo({ type: "agent_run", id: run }, "Agent run");
};

/** Approves, approves with changes, or rejects with a reason. The version that was read goes along. */
function decider(approval, decided) {
    const path = `/v1/approvals/${encodeURIComponent(approval.id)}`;
    const place = h("div", { class: "notices" }), panel = h("div");
    const onProblem = (problem) => tooLate(problem, decided);

    async function decide(verb, body, said) {
        const headers = { "If-Match": `"${approval.version}"` };
        const answer = await (await call(`${path}/${verb}`, { method: "POST", body, headers })).json();
        announce(answer.status === "pending"
            ? "Your approval is recorded. Another person still has to approve." : said);
        await decided();
    }
    let opener = null;
    const close = () => {
        fill(panel);
        opener.setAttribute("aria-expanded", "false");
        opener.focus();
    };
    const opens = (label, draw) => h("button", { type: "button", "aria-expanded": "false", onclick({ currentTarget }) {
        const isOpen = currentTarget.getAttribute("aria-expanded") === "true";
        opener?.setAttribute("aria-expanded", "false");
        opener = currentTarget;
        fill(place);
        if (isOpen) return close();
        opener.setAttribute("aria-expanded", "true");
        const opened = draw();
        opened.querySelector(".actions").append(h("button", { type: "button", onclick: close }, "Cancel"));
        fill(panel, opened);
        panel.querySelector("input, textarea, select")?.focus();
    } }, label);
    const showLate = (problem, notice) => {
        const late = onProblem(problem);
        if (late) fill(notice, late);
        return late !== null;
    };
    const approve = doing("Approve", () => decide("approve", {}, "Approved"), { place, onProblem });
    const edit = opens("Edit…", () => form(
        { action: "Approve with changes", onProblem: showLate, submit: (entered) => approveEdited(entered) },
        editFields(approval)));
    const reject = opens("Reject…", () => form(
        { action: "Reject", onProblem: showLate, submit: ({ reason }) => decide("reject", { reason }, "Rejected") },
        field("Reason", "reason", {
            control: "textarea", rows: 2, required: true, hint: "Shared with the requester.",
        })));

    async function approveEdited(entered) {
        const before = approval.arguments, changes = mergePatch(before, readValues(typesOf(before), entered));
        try {
            await decide("approve", { changes }, "Approved with changes");
        } catch (problem) {
            // The server's "/changes/company" is this form's field "company".
            for (const fault of problem.errors ?? []) fault.pointer = fault.pointer.replace(/^\/changes/, "");
            throw problem;
        }
    }
    return h("div", { onkeydown: ({ key }) => key === "Escape" && panel.firstChild && close() },
        h("div", { class: "actions" }, approve, isEditable(approval) && edit, reject), place, panel);
}

/** What a decision that came too late meets; null for any other problem. */
function tooLate(problem, reload) {
    if (problem.code !== "already_decided" && problem.status !== 412) return null;
    const detail = problem.code === "already_decided"
        ? "Someone else has decided, or the request has expired." : "The request has changed.";
    return failure({ title: "Your decision was not saved.", detail }, reload, "Load latest");
}
