import { call } from "../api.js";
import { announce, fill, h } from "../dom.js";
import { field, form, showProblem } from "../forms.js";
import { statusOptions, words } from "../format.js";

/** Changes status, tags and notes, unless someone else has changed the lead since it was read. */
export function leadForm(path, lead, etag, saved) {
    let base = lead;
    const read = ({ status, tags, notes }) => ({
        status, notes: notes.trim() || null, tags: tags.split(",").map((tag) => tag.trim()).filter(Boolean),
    });

    async function submit(values) {
        const wanted = read(values);
        const changes = Object.entries(wanted).filter(([name, value]) => !isEqual(value, base[name]));
        if (!changes.length) return announce("No changes to save");
        await call(path, { method: "PATCH", body: Object.fromEntries(changes), headers: { "If-Match": etag } });
        announce("Saved");
        await saved();
    }

    const element = form(
        { action: "Save", submit, onProblem },
        field("Status", "status", { control: "select", value: lead.status, options: statusOptions }),
        field("Tags", "tags", { value: lead.tags.join(", "), hint: "Separated by commas." }),
        field("Notes", "notes", { control: "textarea", rows: 5, value: lead.notes ?? "" }));

    function onProblem(problem, notice) {
        if (problem.code === "invalid_transition") {
            const allowed = problem.body.allowed ?? [];
            const detail = allowed.length ? `Possible: ${allowed.map(words).join(", ")}.` : "This status is final.";
            showProblem(element, notice, { errors: [{ pointer: "/status", detail: `${problem.detail} ${detail}` }] });
            return true;
        }
        if (problem.status !== 412) return false;
        showConflict(notice);
        return true;
    }

    /** Keeps what has been typed, and lets the person choose. */
    async function showConflict(notice) {
        const response = await call(path);
        const theirs = await response.json();
        const changed = ["status", "tags", "notes"].filter((name) => !isEqual(theirs[name], base[name]));
        const fact = (name) => h("div", {}, h("dt", {}, words(name)), h("dd", {}, shown(theirs[name])));
        const mine = h("button", { type: "button", onclick() {
            [base, etag] = [theirs, response.headers.get("ETag")];
            fill(notice);
            element.requestSubmit();
        } }, "Keep mine");
        fill(notice, h("div", { class: "notice warn", role: "alert" },
            h("p", {},
                h("strong", {}, "This lead changed while you were editing. "),
                changed.length ? "The saved values are:" : "Status, tags and notes did not change."),
            h("dl", { class: "facts" }, changed.map(fact)),
            h("div", { class: "actions" }, mine, h("button", { type: "button", onclick: saved }, "Use theirs"))));
    }
    return element;
}

const isEqual = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const shown = (value) => (Array.isArray(value) ? value.join(", ") : value) || "–";
