import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { timeZones } from "../settings/world.js";
import { t } from "../words.js";
import { card, email, links, maySignUp, post, signInWith } from "./signin.js";

/* The other ways in: a new agency, a forgotten password, links that somebody was sent. */

const newPassword = () =>
    field(t("Password"), "password", {
        type: "password", autocomplete: "new-password", required: true,
        hint: t("At least 12 characters. A few random words work well."),
    });

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
