import { may } from "../api.js";
import { quiet } from "../../ui/dom.js";
import { t } from "../../ui/words.js";
import { settingsSection } from "./parts.js";
import { countries, currencies, languageOptions, timeZones } from "./world.js";

export const onlyRead = () => !may("settings:write")
    && quiet(t("You may read these settings. An owner or administrator changes them."));

/** The agency's name, its language, time and money, and the sender of its emails. */
export const agency = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("Agency"), { signal, query, fields: () => [
        { name: "name", label: t("Name"), required: true },
        { name: "postal_address", label: t("Postal address"), autocomplete: "street-address",
            help: t("The law requires it in every email; none is sent without it.") },
        { name: "country", label: t("Country"), type: "choice", options: countries(), none: t("Not chosen"),
            help: t("Phone numbers without a country code are read as numbers of this country.") },
        { name: "booking_url", label: t("Booking page"), inputType: "url",
            help: t("Where prospects book a call; agents put it into their emails.") },
        { name: "overview_url", label: t("Overview"), inputType: "url",
            help: t("A page or film that shows in two minutes what the agency does, for those who were silent long.") },
    ] }),
    settingsSection(t("Sender"), { signal, query, fields: () => [
        { name: "sender", label: t("Who writes the emails"), type: "group", mayBeNothing: false, fields: [
            { name: "name", label: t("Sender name"), required: true },
            { name: "email", label: t("Sender email"), inputType: "email", required: true,
                help: t("Recipients see this name and reply to this address.") },
        ] },
    ] }),
    settingsSection(t("Language, time and money"), { signal, query, fields: (now) => [
        { name: "locale", label: t("Language"), type: "choice", required: true, options: languageOptions(now.locale),
            help: t("For people who have chosen none of their own.") },
        { name: "time_zone", label: t("Time zone"), type: "choice", required: true, options: timeZones(now.time_zone),
            help: t("Schedules and business hours follow it.") },
        { name: "currency", label: t("Currency"), type: "choice", required: true, options: currencies() },
    ] }),
];
