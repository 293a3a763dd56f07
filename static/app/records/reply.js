import { h } from "../dom.js";
import { showProblem } from "../forms.js";

let made = 0;

/**
 * A box to answer in. What is typed is kept as a draft until it is sent; Ctrl and Enter send it. `send(text, isNote)`
 * may fail, and then nothing is lost.
 */
export function replyForm({ draft, keep, send, mayNote, attach }) {
    const id = `reply-${++made}`;
    const box = h("textarea", { id, name: "text", rows: 4, "data-key": "r", "aria-describedby": `${id}-fault` });
    box.value = draft ?? "";
    const notice = h("div", { class: "notices" });
    const button = h("button", { type: "submit", class: "primary" }, "Send");
    const note = mayNote && h("button", { type: "button", onclick: () => go(true) }, "Keep as note");
    const form = h("form", { class: "reply", novalidate: true, onsubmit(event) {
        event.preventDefault();
        go(false);
    } }, notice,
    h("div", { class: "field", "data-name": "text" }, h("label", { for: id }, "Reply"), box,
        h("p", { class: "fault", id: `${id}-fault` })),
    h("div", { class: "actions" }, button, note, attach));
    box.addEventListener("input", () => keep(box.value));
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });

    async function go(isNote) {
        if (button.getAttribute("aria-disabled") || !box.value.trim()) return box.focus();
        button.setAttribute("aria-disabled", "true");
        notice.replaceChildren();
        try {
            await send(box.value.trim(), isNote);
            box.value = "";
            keep("");
        } catch (problem) {
            showProblem(form, notice, problem);
        }
        button.removeAttribute("aria-disabled");
    }
    form.put = (text) => {
        box.value = box.value ? `${box.value}\n${text}` : text;
        keep(box.value);
        box.focus();
    };
    return form;
}
