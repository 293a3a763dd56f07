import { send } from "./http.js";
import { enter } from "./session.js";
import { fill, h } from "../ui/dom.js";
import { field } from "../ui/field.js";
import { polite } from "../ui/state.js";
import { t } from "../ui/words.js";

/* Parts that signing in to the console and to the portal have in common. */

export const post = (path, body) => send(path, { method: "POST", body });

/** Takes the session that an answer gives; `hash` is the page to begin with. */
export async function signInWith(path, body, hash = location.hash) {
    const answer = await (await post(path, body)).json();
    // Replaced, not followed: a link's token stays neither in the address bar nor in the history.
    history.replaceState(null, "", hash || "#/");
    await enter(answer);
}

export const email = () =>
    field(t("Email"), "email", { type: "email", autocomplete: "username", required: true, spellcheck: "false" });

export const currentPassword = () =>
    field(t("Password"), "password", { type: "password", autocomplete: "current-password" });

export function card(title, ...children) {
    return { title, content: h("div", { class: "card narrow" }, h("h1", {}, title), children) };
}

export const links = (...all) =>
    h("p", { class: "links" }, all.map(([address, text]) => h("a", { href: address }, text)));

/** Asks in `more` for what a sign-in was refused for: which agency, or a second factor. */
export const askingFor = (more) => ({ code, body }, notice) => {
    if (code === "tenant_required") {
        ask(more, notice, agencies(body.tenants), t("Your email is used by several agencies."));
    } else if (code === "second_factor_required") {
        ask(more, notice, secondFactor(), t("Enter your verification code."));
    } else return false;
    return true;
};

const agencies = (slugs) =>
    field(t("Agency"), "tenant", { control: "select", options: slugs.map((slug) => [slug, slug]) });

const secondFactor = () =>
    field(t("Verification code"), "code", { autocomplete: "one-time-code", inputmode: "numeric" });

/** Asks for what a sign-in also needs, beside what has been asked before. */
function ask(place, notice, question, why) {
    fill(notice, h("p", { class: "notice", ...polite }, why));
    const name = question.dataset.name;
    if (!place.querySelector(`[data-name="${name}"]`)) place.append(question);
    place.querySelector(`[name="${name}"]`).focus();
}

/** Whether anybody may sign up an agency; not where that cannot be told. */
export const maySignUp = () =>
    send("/v1/auth/signup").then((answer) => answer.json()).then(({ mode }) => mode === "open", () => false);
