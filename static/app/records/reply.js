import { get, may } from "../api.js";
import { attaching } from "../attachments.js";
import { colleagues } from "../colleagues.js";
import { draftOf, dropDraft, keepDraft } from "../drafts.js";
import { fill, h } from "../../ui/dom.js";
import { showProblem } from "../../ui/form.js";
import { menuButton } from "../../ui/menu.js";
import { describing, grouped, hold, press, release, urgent } from "../../ui/state.js";
import { suggests } from "../../ui/suggest.js";
import { t } from "../../ui/words.js";

let made = 0;

/**
 * A box to answer in, or to note something for colleagues. What is typed is kept as the draft of this name until it is
 * sent; Ctrl and Enter send it. `send({text, isNote, attachments, mentions})` may fail, and then nothing is lost.
 * `fillIn(reply)` gives the text of a canned reply; `check(text)`, if given, what looks wrong in an answer.
 */
export function replyForm({ name, send, mayNote = true, fillIn = ({ text }) => text, check, mentions = false, more }) {
    const id = `reply-${++made}`;
    const kept = draftOf(name);
    const files = kept?.files ?? [], mentioned = new Map(kept?.mentioned ?? []);
    let isNote = mayNote && Boolean(kept?.isNote);
    const box = h("textarea", { id, name: "text", rows: 3, "data-key": "r",
        ...describing(`${id}-fault`, `${id}-hint`) });
    box.value = kept?.text ?? "";
    const keep = () => {
        const isEmpty = !box.value.trim() && !files.length;
        if (isEmpty) dropDraft(name);
        else keepDraft(name, { text: box.value, isNote, files, mentioned: [...mentioned] });
    };
    const attached = attaching(files, keep);
    const label = h("label", { for: id, class: mayNote && "unseen" }),
        hint = h("p", { class: "hint", id: `${id}-hint` });
    const notice = h("div", { class: "notices" });
    const button = h("button", { type: "submit", class: "primary" });
    const mode = (text, note) => h("button", { type: "button", onclick() {
        setNote(note);
        box.focus();
    } }, text);
    const modes = mayNote && [mode(t("Reply"), false), mode(t("Internal note"), true)];
    const canned = may("canned_replies:read") && cannedReplies();

    function setNote(next) {
        isNote = next;
        form.classList.toggle("note", isNote);
        fill(label, isNote ? t("Note") : t("Reply"));
        fill(button, isNote ? t("Add note") : t("Send"));
        fill(hint, isNote && mentions ? t("Only colleagues see this. Type @ to mention one.") : isNote
            ? t("Only colleagues see this.") : canned ? t("Type / for canned replies. Ctrl and Enter send.")
            : t("Ctrl and Enter send."));
        modes && modes.forEach((one, at) => press(one, Boolean(at) === isNote));
        keep();
    }
    function cannedReplies() {
        let asked = null;
        return () => (asked ??= get("/v1/canned-replies?limit=200&sort=name").then(({ data }) => data)
            .catch(() => (asked = null, [])));
    }
    function sources() {
        if (isNote) return mentions ? [{ mark: "@", find: findColleagues }] : [];
        return canned ? [{ mark: "/", find: async (said) => (await canned())
            .filter((one) => `${one.name} ${one.text}`.toLowerCase().includes(said))
            .map((one) => ({ text: one.name, about: one.text.slice(0, 60), pick: () => fillIn(one) })) }] : [];
    }
    const findColleagues = async (said) => (await colleagues())
        .filter((one) => one.name.toLowerCase().includes(said))
        .map((one) => ({ text: one.name, about: one.email, pick() {
            mentioned.set(one.id, one.name);
            return `@${one.name} `;
        } }));
    const picker = () => {
        let replies = [];
        canned().then((found) => (replies = found));
        return menuButton(t("Canned replies"), () => (replies.length
            ? replies.map((one) => ({ text: one.name, run: async () => form.put(await fillIn(one)) }))
            : [{ text: t("None yet: write one"), href: "#/settings/canned-replies" }]));
    };
    const isSound = async (text) => {
        const findings = isNote || !check ? [] : await check(text).catch(() => []);
        if (!findings.length) return true;
        fill(notice, h("div", { class: "notice warn", ...urgent },
            h("p", {}, h("strong", {}, t("Check this before it is sent."))),
            h("ul", {}, findings.map(({ detail, quote }) => h("li", {}, detail, quote && [" ", h("q", {}, quote)]))),
            h("button", { type: "button", onclick: () => go(true) }, t("Send anyway"))));
        return false;
    };
    async function go(isChecked = false) {
        if (!hold(button)) return;
        fill(notice);
        try {
            // A file that is still on its way goes with it; beside one that has failed it says so.
            if (!await attached.there() && !isChecked) return;
            const text = box.value.trim();
            if (!text && !files.length) return void box.focus();
            if (!isChecked && !await isSound(text)) return;
            const own = [...mentioned].filter(([, called]) => text.includes(`@${called}`)).map(([who]) => who);
            await send({ text, isNote, attachments: files.map((file) => file.id), mentions: own });
            box.value = "";
            files.splice(0);
            mentioned.clear();
            attached.draw();
            dropDraft(name);
        } catch (problem) {
            showProblem(form, notice, problem);
        } finally {
            release(button);
        }
    }
    const list = suggests(box, t("Suggestions"), sources);
    const form = h("form", { class: "reply", novalidate: true, onsubmit(event) {
        event.preventDefault();
        go();
    } }, notice,
    modes && h("div", { class: "modes", ...grouped(t("Kind of message")) }, modes),
    h("div", { class: "field", "data-name": "text" }, label, list, box, hint,
        h("p", { class: "fault", id: `${id}-fault` })),
    attached.list,
    h("div", { class: "actions" }, button, canned && picker(), may("files:write") && [attached.button, attached.input],
        more));
    box.addEventListener("input", keep);
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.put = (text) => {
        setNote(false);
        box.value = box.value ? `${box.value}\n${text}` : text;
        keep();
        box.focus();
    };
    setNote(isNote);
    return form;
}
