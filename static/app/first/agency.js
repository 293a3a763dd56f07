import { get, whoIsMe } from "../api.js";
import { countries, currencies, languageOptions } from "../settings/world.js";
import { pending } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { t } from "../../ui/words.js";
import { saveSettings, stepForm } from "./parts.js";

const withSettings = (signal, draw) => pending(() => get("/v1/settings", signal), draw, { signal });

/** Asks for what every email and invoice has to say. */
export const agency = (step) => withSettings(step.signal, (now) => stepForm("agency", {
    ...step,
    save: ({ postal_address, country, currency, locale }) => saveSettings({
        postal_address: postal_address.trim() || null, country: country || null, currency, locale,
    }),
},
field(t("Postal address"), "postal_address", {
    control: "textarea", rows: 2, value: now.postal_address ?? "", autocomplete: "street-address",
    hint: t("The law requires it in every email; none is sent without it."),
}),
field(t("Country"), "country", {
    control: "select", options: [["", t("Not chosen")], ...countries()], value: now.country ?? "",
}),
field(t("Currency"), "currency", { control: "select", options: currencies(), value: now.currency }),
field(t("Language"), "locale", {
    control: "select", options: languageOptions(now.locale), value: now.locale,
    hint: t("In which the agency writes, unless somebody has chosen another one."),
})));

/** Asks for the sender of the emails. */
export const you = (step) => withSettings(step.signal, (now) => {
    const { user } = whoIsMe();
    return stepForm("you", {
        ...step,
        save: ({ sender, email }) => saveSettings({ sender: { name: sender.trim(), email: email.trim() } }),
    },
    field(t("Sender name"), "sender", { value: now.sender?.name ?? user?.name ?? "", autocomplete: "name" }),
    field(t("Sender email"), "email", {
        type: "email", value: now.sender?.email ?? user?.email ?? "", autocomplete: "email",
        hint: t("Answers arrive at this address."),
    }));
});
