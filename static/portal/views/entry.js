import { doing, fill, h } from "../../app/dom.js";
import { askingFor, card, currentPassword, email, links, post, signInWith } from "../../app/entry.js";
import { accepting, done, settingPassword } from "../../app/entryways.js";
import { form } from "../../app/forms.js";
import { t } from "../../app/words.js";
import { brand } from "../brand.js";
import { blame, polite } from "../../ui/state.js";

export { forgotPassword, signInByLink } from "../../app/entryways.js";

/* Coming in: by password, by a link that comes by mail, by an invitation. */

const ofAgency = () => (brand().slug ? { tenant: brand().slug } : {});

let hasEnded = false;
window.addEventListener("signedin", () => (hasEnded = false));

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
            onProblem: askingFor(more),
        },
        email(), currentPassword(), more);
    const notice = byPassword.querySelector(".notices");
    const byLink = doing(t("Email me a link"), async () => {
        const box = byPassword.querySelector("[name=email]");
        if (!box.value.trim()) {
            byPassword.querySelector(".fault").textContent = t("Enter your email first.");
            blame(box);
            return box.focus();
        }
        await post("/v1/auth/magic-link", { ...ofAgency(), email: box.value.trim() });
        fill(notice,
            done(t("If this email has an account, we have sent a sign-in link. It works once and is valid for 15 minutes.")));
    }, { place: notice });
    byPassword.querySelector(".actions").append(byLink);
    if (hasEnded) {
        fill(notice, h("p", { class: "notice", ...polite },
            t("Your session has ended. Sign in to go on; what you have typed is kept.")));
    }
    return card(t("Sign in"),
        h("p", { class: "quiet" }, t("With your password, or without one by a link in an email.")),
        byPassword, links(["#/forgot", t("Forgot password?")]));
}

export const resetPassword = settingPassword(() => t("Your password has been changed."));

export function invitation({ token }) {
    return card(brand().slug ? t("Welcome to {name}", { name: brand().name }) : t("Welcome to the portal"),
        h("p", {}, t("You have been invited to the client portal. Enter your name and choose a password.")),
        accepting(token, t("Accept invitation")));
}
