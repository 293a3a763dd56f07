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
        type: "checkbox", "aria-label": `Choose: ${title}`, onchange: (event) => onChoose(event.target.checked),
    });
    return h(
        "article", { class: "card approval", "aria-labelledby": named },
        h("div", { class: "approval-title" }, choice, heading),
        h("p", { class: "badges" },
            !isPending && badge(words(status), tone(status)),
            badge(asker(approval)), tool && badge(words(tool))),
        reason && h("p", {}, h("strong", {}, "Why: "), reason),
        drawPreview(approval, isOpen),
        facts(isPending ? waits(approval) : became(approval)),
        isPending && may("approvals:decide") && decider(approval, decided));
}

const asker = ({ agent, owner }) => words(agent ?? owner.type);

function waits(approval) {
    const { needed, approved_by, expires_at, created_at } = approval;
    return [
        ...about(approval),
        ["Asked", ago(created_at)],
        ["Needs", needed > 1 && `${number(needed)} people; ${number(approved_by.length)} said yes so far`],
        ["Expires", ago(expires_at)],
    ];
}

function became(approval) {
    const { decided_by, decided_at, decision_reason, effect } = approval;
    return [
        ...about(approval),
        ["Decided by", decided_by && actor(decided_by)],
        ["Decided", decided_at && ago(decided_at)],
        ["Because", decision_reason],
        ["What came of it", effect && [words(effect.status ?? ""), ". ",
            effect.error?.detail ?? effect.last_error?.detail, effect.result && drawValue(effect.result)]],
    ];
}

const about = ({ subject, run_id, owner }) => [
    ["About", subject && subject.id !== run_id && placeOf(subject)
        && linkTo(subject, `The ${words(subject.type).toLowerCase()}`)],
    ["Asked by", runOf(run_id, owner)],
];

const runOf = (run, { type, id }) => {
    if (type === "workflow") return linkTo({ type: "workflow_run", id: run ?? id }, "A run of a workflow");
    return run && linkTo({ type: "agent_run", id: run }, "A run of the agent");
};

/** Yes, yes to something else, or no and why. What was read is what is decided: its version goes along. */
function decider(approval, decided) {
    const path = `/v1/approvals/${encodeURIComponent(approval.id)}`;
    const place = h("div", { class: "notices" }), panel = h("div");
    const onProblem = (problem) => tooLate(problem, decided);

    async function decide(verb, body, said) {
        const headers = { "If-Match": `"${approval.version}"` };
        const answer = await (await call(`${path}/${verb}`, { method: "POST", body, headers })).json();
        announce(answer.status === "pending" ? "Your yes is noted; another person has to say yes, too" : said);
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
        opened.querySelector(".actions").append(h("button", { type: "button", onclick: close }, "Leave it as it is"));
        fill(panel, opened);
        panel.querySelector("input, textarea, select")?.focus();
    } }, label);
    const showLate = (problem, notice) => {
        const late = onProblem(problem);
        if (late) fill(notice, late);
        return late !== null;
    };
    const approve = doing("Approve", () => decide("approve", {}, "Approved"), { place, onProblem, class: "primary" });
    const edit = opens("Edit…", () => form(
        { action: "Approve this", onProblem: showLate, submit: (entered) => approveEdited(entered) },
        editFields(approval)));
    const reject = opens("Reject…", () => form(
        { action: "Reject", onProblem: showLate, submit: ({ reason }) => decide("reject", { reason }, "Rejected") },
        field("Why not", "reason", { control: "textarea", rows: 2, required: true, hint: "Who asked is told." })));

    async function approveEdited(entered) {
        const before = approval.arguments, changes = mergePatch(before, readValues(typesOf(before), entered));
        try {
            await decide("approve", { changes }, "Approved as edited");
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
        ? "Somebody has decided it already, or its time is over." : "It has changed since you read it.";
    return failure({ title: "Nothing was decided.", detail }, reload, "Show how it stands");
}
