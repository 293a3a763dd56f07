import { agency, you } from "../first/agency.js";
import { agents } from "../first/agents.js";
import { leads } from "../first/leads.js";
import { mail } from "../first/mail.js";
import { walk } from "../first/walk.js";
import { t } from "../../ui/words.js";

const steps = () => [
    [t("Agency"), t("What every email and invoice has to say."), agency],
    [t("You"), t("Recipients see this name and reply to this address."), you],
    [t("Mail"), t("Without a mail service nothing is sent."), mail],
    [t("Leads"), t("Agents have nothing to work on until there are leads."), leads],
    [t("Agents"), t("You decide how far each one may go, and can change it at any time."), agents],
];

/** The first start of an agency in five steps. */
export const start = (context) => walk(steps(), { ...context, address: "#/start", label: t("First start") });
