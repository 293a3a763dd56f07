import { readMoney } from "../../ui/money.js";
import { t } from "../../ui/words.js";

/** Reads an amount of money; null for nothing. Anything else is thrown as a fault of the field. */
export function readAmount(text, currency, name) {
    const amount = readMoney(text, currency);
    if (amount !== undefined) return amount;
    const detail = t("Enter an amount such as 1234.50, without thousands separators.");
    throw { title: t("Not saved."), errors: [{ pointer: `/${name}`, detail }] };
}
