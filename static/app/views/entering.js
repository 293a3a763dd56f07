import { card, email, links, maySignUp, signInWith } from "../entry.js";
import { accepting, newPassword, settingPassword } from "../entryways.js";
import { send } from "../http.js";
import { timeZones } from "../settings/world.js";
import { fill, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";

export { forgotPassword, signInByLink } from "../entryways.js";

/* The other ways in: a new agency, a forgotten password, links that somebody was sent. */

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

/** Whether a link of the first start still works; where nobody can say, it is tried. */
const isFresh = (token) => send("/v1/auth/welcome", { headers: { "Welcome-Token": token } })
    .then((answer) => answer.json()).then(({ valid }) => valid, () => true);

export const resetPassword = settingPassword(() => t("Your password has been changed. You are signed out everywhere."));

export function invitation({ token }) {
    return card(t("Join the agency"),
        h("p", {}, t("You have been invited. Enter your name and choose a password.")), accepting(token, t("Join"), "#/begin"));
}
