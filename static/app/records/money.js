import { t } from "../../ui/words.js";

/** How many digits stand behind a currency's point. */
export const digitsOf = (currency) =>
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().minimumFractionDigits;

export function writeMoney({ amount, currency }) {
    const digits = digitsOf(currency);
    return (amount / 10 ** digits).toFixed(digits);
}

/** "1234.50" as an amount in the smallest unit, without the way over a fraction; null for nothing. */
export function readMoney(text, currency, name) {
    const written = text.trim().replaceAll(/[\s']/g, "");
    if (!written) return null;
    const digits = digitsOf(currency);
    const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(written);
    const cents = found?.[2] ?? "";
    if (!found || cents.length > digits) {
        const detail = t("Enter an amount such as 1234.50, without thousands separators.");
        throw { title: t("Not saved."), errors: [{ pointer: `/${name}`, detail }] };
    }
    return { amount: Number(found[1] + cents.padEnd(digits, "0")), currency };
}
