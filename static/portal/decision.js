import { get } from "../app/api.js";
import { announce, doing, fill, h, pending, quiet } from "../ui/dom.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { spokenAs } from "../ui/state.js";
import { pair, t } from "../ui/words.js";
import { files, kept, post, said, send } from "./parts.js";

const pathOf = (id) => `/v1/portal/deliverables/${encodeURIComponent(id)}`;

/**
 * A yes, or what is to be changed, where somebody sees that it waits: the first tap shows what it is about, the second
 * one decides. `told` is where it is said; `reload` draws anew what waits.
 */
export function decision({ id, name, isFirst, told, reload }) {
    const path = pathOf(id), place = h("div", { class: "decision" });
    const done = async (text) => {
        fill(told, h("p", { class: "notice good" }, text));
        await reload();
        document.querySelector("h1")?.focus();
    };
    const choose = (focusOn) => {
        fill(place, h("p", { class: "actions" }, approve(), change()));
        if (focusOn) place.querySelectorAll("button")[focusOn - 1].focus();
    };
    const cancel = (focusOn) => h("button", { type: "button", onclick: () => choose(focusOn) }, t("Cancel"));
    const approve = () => h("button", {
        type: "button", class: isFirst && "primary", ...spokenAs(pair(t("Approve"), name)), onclick: askToApprove,
    }, t("Approve"));
    const change = () => h("button", {
        type: "button", ...spokenAs(pair(t("Request changes"), name)), onclick: askToChange,
    }, t("Request changes"));

    function askToApprove() {
        const trouble = h("div", {});
        const yes = doing(t("Approve"), async () => {
            await send(`${path}/approve`);
            await done(t("{name} approved.", { name }));
        }, { place: trouble, class: "primary" });
        // Its beginning is read first, where all of it does not fit.
        const show = () => place.offsetHeight < innerHeight && place.scrollIntoView({ block: "nearest" });
        const content = pending(() => get(path), (found) => {
            requestAnimationFrame(show);
            return drawContent(found);
        });
        fill(place, h("div", { class: "looked-at" }, content), trouble, h("p", { class: "actions" }, yes, cancel(1)));
        yes.focus({ preventScroll: true });
        show();
    }

    function askToChange() {
        const fields = changeForm(path, () => done(t("Sent to the agency.")), true);
        fields.querySelector(".actions").append(cancel(2));
        fill(place, fields);
        fields.querySelector("textarea").focus();
    }

    choose();
    return place;
}

const drawContent = ({ description, text, files: ids, id }) => [
    said(description), said(text), files(ids, pathOf(id)),
    !description && !text && !ids.length && quiet(t("See the deliverable's page.")),
];

/** Asks what should change, in a form whose text is kept until it is sent. */
export function changeForm(path, done, isPrimary) {
    const draft = `changes ${path}`;
    return kept(draft, form(
        {
            action: t("Request changes"), isPrimary,
            async submit({ text }) {
                await post(`${path}/request-changes`, { text }, draft);
                announce(t("Sent to the agency."));
                await done();
            },
        },
        field(t("What should change?"), "text", { control: "textarea", rows: 4, required: true })));
}
