import { card, email, links, post, signInWith } from "./entry.js";
import { fill, h } from "../ui/dom.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { polite } from "../ui/state.js";
import { t } from "../ui/words.js";

/* The ways in that the console and the portal have beside a password that is known. */

export const newPassword = () =>
    field(t("Password"), "password", {
        type: "password", autocomplete: "new-password", required: true,
        hint: t("At least 12 characters. A few random words work well."),
    });

export const done = (...children) => h("p", { class: "notice good", ...polite }, children);

export function forgotPassword() {
    const fields = form(
        {
            action: t("Send link"),
            async submit(body, notice) {
                await post("/v1/auth/password/forgot", body);
                fill(notice, done(
                    t("If this email has an account, we have sent a link to reset its password. It is valid for one hour.")));
            },
        },
        email());
    return card(t("Reset your password"), fields, links(["#/", t("Back to sign in")]));
}

/** Sets a new password by the link of a mail; `changed` says what that has done. */
export const settingPassword = (changed) => ({ token }) => {
    const fields = form(
        {
            action: t("Set password"),
            async submit({ password }) {
                await post("/v1/auth/password/reset", { token, password });
                fill(fields, done(changed(), " ", h("a", { href: "#/" }, t("Sign in"))));
                history.replaceState(null, "", "#/reset/done");
            },
        },
        newPassword());
    return card(t("Set a new password"), fields);
};

export function signInByLink({ token }) {
    // A link that is only looked at, say by a scanner of mails, must not be used up: hence the button.
    const fields = form({ action: t("Sign in"),
        submit: () => signInWith("/v1/auth/magic-link/redeem", { token }, "#/") });
    return card(t("Sign in"), h("p", {}, t("This link signs you in once.")), fields,
        links(["#/", t("Sign in with a password")]));
}

/** Takes an invitation: who accepts it gives a name, chooses a password, and begins with the page `first`. */
export const accepting = (token, action, first = "#/") => form(
    { action, submit: (body) => signInWith("/v1/invitations/accept", { token, ...body }, first) },
    field(t("Your name"), "name", { autocomplete: "name", required: true }), newPassword());
