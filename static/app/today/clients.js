import { may } from "../api.js";
import { money } from "../../ui/money.js";
import { pair, t } from "../../ui/words.js";
import { first, ownID, today } from "./ask.js";

/** One's own tasks that are due, and invoices that nobody has paid in time. */
export async function waits(signal) {
    const [tasks, overdue] = await Promise.all([
        may("tasks:read") && ownID() && first("/v1/tasks",
            { assignee_id: ownID(), status: "todo,doing,blocked", "due_on[lte]": today(), sort: "due_on" }, signal),
        may("invoices:read") && first("/v1/invoices", { status: "overdue", limit: 3 }, signal),
    ]);
    const items = (tasks?.data ?? []).map(({ id, title, due_on }) => {
        const isLate = due_on < today();
        return {
            rank: isLate ? 2 : 4, at: due_on, title, href: `#/tasks/${id}`, tone: isLate ? "bad" : "warn",
            kind: isLate ? t("Task overdue") : t("Task due today"),
        };
    });
    const late = (overdue?.data ?? []).map(({ id, number, due, due_on }) => ({
        rank: 4, at: due_on, kind: t("Invoice overdue"), tone: "bad", href: `#/invoices/${id}`,
        title: pair(number ?? t("Invoice"), money(due)),
    }));
    if (overdue?.total > late.length) {
        late.at(-1).more = [t("All overdue invoices"), "#/invoices?status=overdue", overdue.total];
    }
    return [...items, ...late];
}
