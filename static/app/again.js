import { askingFor, currentPassword } from "./entry.js";
import { send } from "./http.js";
import { dialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { t } from "../ui/words.js";

/**
 * Asks for the password over the page when a session has ended in the middle, so that what was begun goes on. Resolves
 * to the answer to signing in, or to null where somebody would rather not or has done so elsewhere, of which `signal`
 * tells. `otherWay` gives a button for whoever has no password, which says what it has done where it is told to.
 */
export function signInAgain({ email, tenant, signal, otherWay }) {
    return new Promise((resolve) => {
        const fields = askForPassword();
        const { close } = dialog({
            title: t("Sign in again"), stays: true, onClose: (answer) => resolve(answer ?? null),
            content: () => [
                h("p", {}, t("Your session has ended. Sign in as {email} to go on; nothing is lost.", { email })),
                fields,
            ],
        });
        signal.addEventListener("abort", () => close());

        function askForPassword() {
            const more = h("div");
            const fields = form({ action: t("Sign in"), async submit({ password, code }) {
                const body = { email, password, tenant, ...(code && { code }) };
                close(await (await send("/v1/auth/login", { method: "POST", body })).json());
            }, onProblem: askingFor(more) }, currentPassword(), more);
            const button = otherWay?.(fields.querySelector(".notices"));
            if (button) fields.querySelector(".actions").append(button);
            return fields;
        }
    });
}
