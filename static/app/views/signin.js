import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { send } from "../http.js";
import { enter } from "../session.js";
import { timeZones } from "../settings/world.js";
import { t } from "../words.js";

const post = (path, body) => send(path, { method: "POST", body });

/** Takes the session that an answer gives; `hash` is the page to begin with. */
async function signInWith(path, body, hash = location.hash) {
    const answer = await (await post(path, body)).json();
    // Replaced, not followed: a link's token stays neither in the address bar nor in the history.
    history.replaceState(null, "", hash || "#/");
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

export function signIn() {
    const more = h("div");
    const fields = form(
        {
            action: t("Sign in"),
            submit: ({ code, ...body }) => signInWith("/v1/auth/login", { ...body, ...(code && { code }) }),
            onProblem(problem, notice) {
                if (problem.code === "tenant_required") {
                    ask(more, notice, agencies(problem.body.tenants), t("Your email is used by several agencies."));
                } else if (problem.code === "second_factor_required") {
                    ask(more, notice, secondFactor(), t("Enter your verification code."));
                } else return false;
                return true;
            },
        },
        email(), field(t("Password"), "password", { type: "password", autocomplete: "current-password" }), more);
    const forgot = ["#/forgot", t("Forgot password?")];
    const ways = h("div", {}, links(forgot));
    maySignUp().then((may) => may && fill(ways, links(forgot, ["#/sign-up", t("Create an agency")])));
    return card(t("Sign in"), fields, ways);
}

/** Whether anybody may sign up an agency; not where that cannot be told. */
const maySignUp = () =>
    send("/v1/auth/signup").then((answer) => answer.json()).then(({ mode }) => mode === "open", () => false);

const agencies = (slugs) =>
    field(t("Agency"), "tenant", { control: "select", options: slugs.map((slug) => [slug, slug]) });

const secondFactor = () =>
    field(t("Verification code"), "code", { autocomplete: "one-time-code", inputmode: "numeric" });

/** Asks for what a sign-in also needs, beside what has been asked before. */
function ask(place, notice, question, why) {
    fill(notice, h("p", { class: "notice", role: "status" }, why));
    const name = question.dataset.name;
    if (!place.querySelector(`[data-name="${name}"]`)) place.append(question);
    place.querySelector(`[name="${name}"]`).focus();
}

const timeZone = (own) => field(t("Time zone"), "time_zone", {
    control: "select", options: timeZones(own), value: own, hint: t("Agents work by this time zone."),
});

const newAgency = () => [
    field(t("Agency"), "agency", { autocomplete: "organization", required: true }),
    field(t("Your name"), "name", { autocomplete: "name", required: true }),
    email(), newPassword(), timeZone(Intl.DateTimeFormat().resolvedOptions().timeZone),
];

export function signUp() {
    const place = h("div");
    maySignUp().then((may) => fill(place, may
        ? form({ action: t("Create agency"), submit: (body) => signInWith("/v1/auth/signup", body, "#/") }, newAgency())
        : h("p", {}, t("Sign-up is closed. Ask your administrator for an invitation."))));
    return card(t("Create an agency"), place, links(["#/", t("Sign in instead")]));
}

/** The first agency of a new installation, by the link that its start has printed; it works once. */
export function welcome({ token }) {
    const place = h("div", {}, h("p", { class: "quiet" }, t("Loading…")));
    isFresh(token).then((may) => fill(place, may
        ? [
            h("p", {}, t("There is no agency yet. Create the first one; you will be its owner.")),
            form({
                action: t("Create agency"),
                submit: (body) => signInWith("/v1/auth/welcome", { token, ...body }, "#/start"),
            }, newAgency()),
        ]
        : h("p", {}, t("This link has been used or is no longer valid."), " ", h("a", { href: "#/" }, t("Sign in")))));
    return card(t("Welcome to Bureau"), place);
}

/** Whether a link of the first start still works: what it lacks is told only then. */
const isFresh = (token) => post("/v1/auth/welcome", { token }).then(() => true,
    ({ status, errors }) => errors.length > 0 || ![401, 403, 404, 409, 410].includes(status));

export function forgotPassword() {
    const fields = form(
        {
            action: t("Send link"),
            async submit(body, notice) {
                await post("/v1/auth/password/forgot", body);
                fill(notice, h("p", { class: "notice good", role: "status" },
                    t("If this email has an account, we have sent a link to reset its password. It is valid for one hour.")));
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
                    t("Your password has been changed. You are signed out everywhere."), " ",
                    h("a", { href: "#/" }, t("Sign in"))));
                history.replaceState(null, "", "#/reset/done");
            },
        },
        newPassword());
    return card(t("Set a new password"), fields);
}

export function signInByLink({ token }) {
    // A link that is only looked at, say by a scanner of mails, must not be used up: hence the button.
    const fields = form({ action: t("Sign in"), submit: () => signInWith("/v1/auth/magic-link/redeem", { token }, "#/") });
    return card(t("Sign in"), h("p", {}, t("This link signs you in once.")), fields,
        links(["#/", t("Sign in with a password")]));
}

export function invitation({ token }) {
    const fields = form(
        { action: t("Join"), submit: (body) => signInWith("/v1/invitations/accept", { token, ...body }, "#/") },
        field(t("Your name"), "name", { autocomplete: "name", required: true }), newPassword());
    return card(t("Join the agency"),
        h("p", {}, t("You have been invited. Enter your name and choose a password.")), fields);
}
