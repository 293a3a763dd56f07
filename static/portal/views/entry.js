import { fill, h } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { send } from "../../app/http.js";
import { enter } from "../../app/session.js";
import { brand } from "../brand.js";

/* Coming in: by password, by a link that comes by mail, by an invitation. */

const post = (path, body) => send(path, { method: "POST", body });
const ofAgency = () => (brand().slug ? { tenant: brand().slug } : {});

/** Takes the session that an answer gives; `hash` is the page to begin with. */
async function signInWith(path, body, hash = location.hash) {
    const answer = await (await post(path, body)).json();
    // Replaced, not followed: a link's token stays neither in the address bar nor in the history.
    history.replaceState(null, "", hash || "#/");
    await enter(answer);
}

const email = () =>
    field("E-mail", "email", { type: "email", autocomplete: "username", required: true, spellcheck: "false" });

const newPassword = () =>
    field("Password", "password", {
        type: "password", autocomplete: "new-password", required: true,
        hint: "At least 12 characters. A few random words are good.",
    });

function card(title, ...children) {
    return { title, content: h("div", { class: "card narrow" }, h("h1", {}, title), children) };
}

const links = (...all) =>
    h("p", { class: "links" }, all.map(([address, text]) => h("a", { href: address }, text)));

const sent = (text) => h("p", { class: "notice good", role: "status" }, text);

export function signIn() {
    const more = h("div");
    const byPassword = form(
        {
            action: "Sign in",
            submit: ({ code, ...body }) =>
                signInWith("/v1/auth/login", { ...ofAgency(), ...body, ...(code && { code }) }),
            onProblem(problem, notice) {
                if (problem.code === "tenant_required") {
                    const slugs = problem.body.tenants.map((slug) => [slug, slug]);
                    ask(more, notice, field("Agency", "tenant", { control: "select", options: slugs }),
                        "Several agencies know your address.");
                } else if (problem.code === "second_factor_required") {
                    const code = { autocomplete: "one-time-code", inputmode: "numeric" };
                    ask(more, notice, field("Code of your second factor", "code", code), "One more step.");
                } else return false;
                return true;
            },
        },
        email(), field("Password", "password", { type: "password", autocomplete: "current-password" }), more);
    const byLink = form(
        {
            action: "Send me a link",
            async submit(body, notice) {
                await post("/v1/auth/magic-link", { ...ofAgency(), ...body });
                fill(notice, sent("If we know this address, a link that signs you in is on its way. It works once, for a quarter of an hour."));
            },
        },
        email());
    return card("Sign in", byPassword, links(["#/forgot", "Forgot the password?"]),
        h("h2", {}, "Or without a password"), byLink);
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
            action: "Send a link",
            async submit(body, notice) {
                await post("/v1/auth/password/forgot", body);
                fill(notice, sent("If we know this address, a link that sets a new password is on its way. It works for an hour."));
            },
        },
        email());
    return card("Forgotten password", fields, links(["#/", "Back to signing in"]));
}

export function resetPassword({ token }) {
    const fields = form(
        {
            action: "Set the password",
            async submit({ password }) {
                await post("/v1/auth/password/reset", { token, password });
                fill(fields, h("p", { class: "notice good", role: "status" },
                    "The new password is set. ", h("a", { href: "#/" }, "Sign in")));
                history.replaceState(null, "", "#/reset/done");
            },
        },
        newPassword());
    return card("A new password", fields);
}

export function signInByLink({ token }) {
    // A link that is only looked at, say by a scanner of mails, must not be used up: hence the button.
    const fields = form({ action: "Sign in", submit: () => signInWith("/v1/auth/magic-link/redeem", { token }, "#/") });
    return card("Sign in", h("p", {}, "The link in your mail signs you in, once."), fields,
        links(["#/", "Sign in with a password"]));
}

export function invitation({ token }) {
    const fields = form(
        { action: "Come in", submit: (body) => signInWith("/v1/invitations/accept", { token, ...body }, "#/") },
        field("Your name", "name", { autocomplete: "name", required: true }), newPassword());
    return card(`Welcome to ${brand().slug ? brand().name : "the portal"}`,
        h("p", {}, "You have been invited to follow the work for you. Give your name and choose a password."), fields);
}
