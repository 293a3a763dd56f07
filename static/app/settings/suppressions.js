import { t } from "../../ui/words.js";
import { listPage } from "./parts.js";

/** People who must not be written to: one by one, or as a list from elsewhere. */
export const suppressions = listPage("suppressions", () => ({
    about: t("Nothing is sent to these addresses. Those who unsubscribe, complain or bounce are added by themselves."),
}));
