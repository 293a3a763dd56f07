import { askingFor, card, currentPassword, email, links, maySignUp, signInWith } from "../entry.js";
import { fill, h } from "../../ui/dom.js";
import { form } from "../../ui/form.js";
import { t } from "../../ui/words.js";

export function signIn() {
    const more = h("div");
    const fields = form(
        {
            action: t("Sign in"),
            submit: ({ code, ...body }) => signInWith("/v1/auth/login", { ...body, ...(code && { code }) }),
            onProblem: askingFor(more),
        },
        email(), currentPassword(), more);
    const forgot = ["#/forgot", t("Forgot password?")];
    const ways = h("div", {}, links(forgot));
    maySignUp().then((may) => may && fill(ways, links(forgot, ["#/sign-up", t("Create an agency")])));
    return card(t("Sign in"), fields, ways);
}
