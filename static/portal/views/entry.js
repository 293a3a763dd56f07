import { askingFor, card, currentPassword, email, links, post, signInWith } from "../../app/entry.js";
import { accepting, done, settingPassword } from "../../app/entryways.js";
import { brand } from "../brand.js";
import { doing, fill, h } from "../../ui/dom.js";
import { form } from "../../ui/form.js";
import { blame, polite } from "../../ui/state.js";
import { t } from "../../ui/words.js";

export { forgotPassword, signInByLink } from "../../app/entryways.js";

/* Coming in: by password, by a link that comes by mail, by an invitation. */

const ofAgency = () => (brand().slug ? { tenant: brand().slug } : {});

let hasEnded = false;
window.addEventListener("signedin", () => (hasEnded = false));

/** Says at the next sign-in that a session has ended by itself. */
export const sessionEnded = () => (hasEnded = true);

/** A button that has a link sent to the address that `to` gives, if any; `place` says so. */
export const byLink = (to, place) => doing(t("Email me a link"), async () => {
    const email = to();
    if (!email) return;
    await post("/v1/auth/magic-link", { ...ofAgency(), email });
    fill(place,
        done(t("If this email has an account, we have sent a sign-in link. It works once and is valid for 15 minutes.")));
}, { place });

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
    const address = () => {
        const box = byPassword.querySelector("[name=email]"), email = box.value.trim();
        if (!email) {
            byPassword.querySelector(".fault").textContent = t("Enter your email first.");
            blame(box);
            box.focus();
        }
        return email;
    };
    byPassword.querySelector(".actions").append(byLink(address, notice));
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
