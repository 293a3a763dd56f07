import { doing, fill, h } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { send } from "../../app/http.js";
import { enter } from "../../app/session.js";
import { t } from "../../app/words.js";
import { brand } from "../brand.js";

/* Coming in: by password, by a link that comes by mail, by an invitation. */

const post = (path, body) => send(path, { method: "POST", body });
const ofAgency = () => (brand().slug ? { tenant: brand().slug } : {});

/** Takes the session that an answer gives; `hash` is the page to begin with. */
async function signInWith(path, body, hash = location.hash) {
    const answer = await (await post(path, body)).json();
    // Replaced, not followed: a link's token stays neither in the address bar nor in the history.
    history.replaceState(null, "", hash || "#/");
    hasEnded = false;
    await enter(answer);
}

const email = () =>
    field(t("Email"), "email", { type: "email", autocomplete: "username", required: true, spellcheck: "false" });

const newPassword = () =>
    field(t("Password"), "password", {
        type: "password", autocomplete: "new-password", required: true,
        hint: t("At least 12 characters. A few random words work well."),
    });

function card(title, ...children) {
    return { title, content: h("div", { class: "card narrow" }, h("h1", {}, title), children) };
}

const links = (...all) =>
    h("p", { class: "links" }, all.map(([address, text]) => h("a", { href: address }, text)));

const sent = (text) => h("p", { class: "notice good", role: "status" }, text);

let hasEnded = false;

/** Says at the next sign-in that a session has ended by itself. */
export function sessionEnded() {
    hasEnded = true;
    return null;
}

export function signIn() {
    const more = h("div");
    const byPassword = form(
        {
            action: t("Sign in"),
            submit: ({ code, ...body }) =>
                signInWith("/v1/auth/login", { ...ofAgency(), ...body, ...(code && { code }) }),
            onProblem(problem, notice) {
                if (problem.code === "tenant_required") {
                    const slugs = problem.body.tenants.map((slug) => [slug, slug]);
                    ask(more, notice, field(t("Agency"), "tenant", { control: "select", options: slugs }),
                        t("Your email is used by several agencies."));
                } else if (problem.code === "second_factor_required") {
                    const code = { autocomplete: "one-time-code", inputmode: "numeric" };
                    ask(more, notice, field(t("Verification code"), "code", code), t("Enter your verification code."));
                } else return false;
                return true;
            },
        },
        email(), field(t("Password"), "password", { type: "password", autocomplete: "current-password" }), more);
    const notice = byPassword.querySelector(".notices");
    const byLink = doing(t("Email me a link"), async () => {
        const box = byPassword.querySelector("[name=email]");
        if (!box.value.trim()) {
            byPassword.querySelector(".fault").textContent = t("Enter your email first.");
            box.setAttribute("aria-invalid", "true");
            return box.focus();
        }
        await post("/v1/auth/magic-link", { ...ofAgency(), email: box.value.trim() });
        fill(notice,
            sent(t("If this email has an account, we have sent a sign-in link. It works once and is valid for 15 minutes.")));
    }, { place: notice });
    byPassword.querySelector(".actions").append(byLink);
    if (hasEnded) {
        fill(notice, h("p", { class: "notice", role: "status" },
            t("Your session has ended. Sign in to go on; what you have typed is kept.")));
    }
    return card(t("Sign in"),
        h("p", { class: "quiet" }, t("With your password, or without one by a link in an email.")),
        byPassword, links(["#/forgot", t("Forgot password?")]));
}

/** Asks for what a sign-in also needs, beside what has been asked before. */
function ask(place, notice, question, why) {
    fill(notice, h("p", { class: "notice", role: "status" }, why));
    const name = question.dataset.name;
    if (!place.querySelector(`[data-name="${name}"]`)) place.append(question);
    place.querySelector(`[name="${name}"]`).focus();
}

export function forgotPassword() {
    const fields = form(
        {
            action: t("Send link"),
            async submit(body, notice) {
                await post("/v1/auth/password/forgot", body);
                fill(notice,
                    sent(t("If this email has an account, we have sent a link to reset its password. It is valid for one hour.")));
            },
        },
        email());
    return card(t("Reset your password"), fields, links(["#/", t("Back to sign in")]));
}

export function resetPassword({ token }) {
    const fields = form(
        {
            action: t("Set password"),
            async submit({ password }) {
                await post("/v1/auth/password/reset", { token, password });
                fill(fields, h("p", { class: "notice good", role: "status" },
                    t("Your password has been changed."), " ", h("a", { href: "#/" }, t("Sign in"))));
                history.replaceState(null, "", "#/reset/done");
            },
        },
        newPassword());
    return card(t("Set a new password"), fields);
}

export function signInByLink({ token }) {
    // A link that is only looked at, say by a scanner of mails, must not be used up: hence the button.
    const fields = form({ action: t("Sign in"),
        submit: () => signInWith("/v1/auth/magic-link/redeem", { token }, "#/") });
    return card(t("Sign in"), h("p", {}, t("This link signs you in once.")), fields,
        links(["#/", t("Sign in with a password")]));
}

export function invitation({ token }) {
    const fields = form(
        { action: t("Accept invitation"),
            submit: (body) => signInWith("/v1/invitations/accept", { token, ...body }, "#/") },
        field(t("Your name"), "name", { autocomplete: "name", required: true }), newPassword());
    return card(brand().slug ? t("Welcome to {name}", { name: brand().name }) : t("Welcome to the portal"),
        h("p", {}, t("You have been invited to the client portal. Enter your name and choose a password.")), fields);
}
