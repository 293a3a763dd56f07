import { call, may } from "../api.js";
import { linkTo, placeOf } from "../places.js";
import { actor } from "../readable.js";
import { told } from "../sentences.js";
import { announce, badge, doing, failure, fill, h } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { number, words } from "../../ui/format.js";
import { isUnfolded, setUnfolded, spokenAs, titled, unfolding } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { changesOf, drawPreview, editFields, isEditable } from "./preview.js";
import { outcomeOf, watched } from "./outcome.js";

/**
 * One approval: what would be done, why, until when it can be decided, and the ways to decide it. `decided` is told
 * afterwards, with the approval as it is then; `onChoose` when it is to be decided among others.
 */
export function approvalCard(approval, { decided, onChoose, signal, isOpen = false }) {
    const { status, tool } = approval, title = told(approval.title), reason = approval.reason && told(approval.reason);
    const isPending = status === "pending";
    const named = `approval-${approval.id}`;
    const heading = h(isOpen ? "h2" : "h3", { id: named, dir: "auto" },
        isOpen ? title : linkTo({ type: "approval", id: approval.id }, title));
    const choice = onChoose && isPending && h("input", {
        type: "checkbox", ...spokenAs(t("Select {name}", { name: title })), "data-card-key": "x",
        onchange: (event) => onChoose(event.target.checked),
    });
    return h(
        "article", { class: "card approval", ...titled(named), tabindex: -1 },
        h("div", { class: "approval-title" }, choice, heading),
        h("p", { class: "badges" },
            !isPending && statusBadge(status),
            badge(asker(approval)), tool && badge(words(tool))),
        reason && h("p", { dir: "auto" }, h("strong", {}, t("Reason:")), " ", reason),
        drawPreview(approval, isOpen),
        facts(isPending ? waits(approval) : became(approval, signal)),
        isPending && may("approvals:decide") && decider(approval, decided));
}

const asker = ({ agent, owner }) =>
    (agent ? words(agent) : owner.type === "workflow" ? t("Workflow") : words(owner.type));

function waits(approval) {
    const { needed, approved_by, expires_at, created_at } = approval;
    return [
        ...about(approval),
        [t("Requested"), ago(created_at)],
        [t("Approvals"), needed > 1
            && t("{done} of {all}", { done: number(approved_by.length), all: number(needed) })],
        [t("Expires"), ago(expires_at)],
    ];
}

function became(approval, signal) {
    const { decided_by, decided_at, decision_reason, status } = approval;
    return [
        ...about(approval),
        [t("Decided by"), decided_by && actor(decided_by)],
        [t("Decided"), decided_at && ago(decided_at)],
        [t("Reason"), decision_reason],
        [t("Outcome"), status === "approved" && (signal ? watched(approval, signal) : outcomeOf(approval))],
    ];
}

const about = ({ subject, run_id, owner }) => [
    [t("Related to"), subject && subject.id !== run_id && placeOf(subject) && linkTo(subject, words(subject.type))],
    [t("Requested by"), runOf(run_id, owner)],
];

const runOf = (run, { type, id }) => {
    if (type === "workflow") return linkTo({ type: "workflow_run", id: run ?? id }, t("Workflow run"));
    return run && linkTo({ type: "agent_run", id: run }, t("Agent run"));
};

/** Approves, approves with changes, or rejects with a reason. The version that was read goes along. */
function decider(approval, decided) {
    const path = `/v1/approvals/${encodeURIComponent(approval.id)}`;
    const place = h("div", { class: "notices" }), panel = h("div");
    const onProblem = (problem) => tooLate(problem, () => decided(null));

    async function decide(verb, body, said) {
        const headers = { "If-Match": `"${approval.version}"` };
        const answer = await (await call(`${path}/${verb}`, { method: "POST", body, headers })).json();
        announce(answer.status === "pending"
            ? t("Your approval is recorded. Another person still has to approve.") : said);
        await decided(answer);
    }
    let opener = null;
    const close = () => {
        fill(panel);
        setUnfolded(opener, false);
        opener.focus();
    };
    const opens = (label, key, draw) => h("button", {
        type: "button", ...unfolding(false), "data-card-key": key, onclick({ currentTarget }) {
            const isOpen = isUnfolded(currentTarget);
            setUnfolded(opener, false);
            opener = currentTarget;
            fill(place);
            if (isOpen) return close();
            setUnfolded(opener, true);
            const opened = draw();
            opened.querySelector(".actions").append(h("button", { type: "button", onclick: close }, t("Cancel")));
            fill(panel, opened);
            panel.querySelector("input, textarea, select")?.focus();
        },
    }, label);
    const showLate = (problem, notice) => {
        const late = onProblem(problem);
        if (late) fill(notice, late);
        return late !== null;
    };
    const approve = doing(t("Approve"), () => decide("approve", {}, t("Approved")),
        { place, onProblem, "data-card-key": "a" });
    const edit = opens(t("Edit…"), "e", () => form(
        { action: t("Approve with changes"), onProblem: showLate, submit: (entered) => approveEdited(entered) },
        editFields(approval)));
    const reject = opens(t("Reject…"), "r", () => form(
        { action: t("Reject"), onProblem: showLate,
            submit: ({ reason }) => decide("reject", { reason }, t("Rejected")) },
        field(t("Reason"), "reason", {
            control: "textarea", rows: 2, required: true, hint: t("Shared with the requester."),
        })));

    async function approveEdited(entered) {
        try {
            await decide("approve", { changes: changesOf(approval, entered) }, t("Approved with changes"));
        } catch (problem) {
            // The server's "/changes/company" is this form's field "company".
            for (const fault of problem.errors ?? []) fault.pointer = fault.pointer.replace(/^\/changes/, "");
            throw problem;
        }
    }
    return h("div", { onkeydown: ({ key }) => key === "Escape" && panel.firstChild && close() },
        h("div", { class: "actions" }, approve, isEditable(approval) && edit, reject), place, panel);
}

/** Tells what a decision that came too late meets; null for any other problem. */
function tooLate(problem, reload) {
    if (problem.code !== "already_decided" && problem.status !== 412) return null;
    const detail = problem.code === "already_decided"
        ? t("Someone else has decided, or the request has expired.") : t("The request has changed.");
    return failure({ title: t("Your decision was not saved."), detail }, reload, t("Load latest"));
}
