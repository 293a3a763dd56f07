import { locale } from "./words.js";

/** An amount in whole units of a currency: dashboards give plain numbers. */
export function amount(value, currency) {
    return new Intl.NumberFormat(locale(), { style: "currency", currency, maximumFractionDigits: 0 }).format(value);
}

/** `{amount, currency}`, whose amount counts the currency's smallest unit. */
export function money(value) {
    if (!value) return null;
    const format = new Intl.NumberFormat(locale(), {
        style: "currency", currency: value.currency, trailingZeroDisplay: "stripIfInteger",
    });
    return format.format(value.amount / 10 ** format.resolvedOptions().minimumFractionDigits);
}

/** Returns the number of digits behind a currency's point. */
export const digitsOf = (currency) =>
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().minimumFractionDigits;

export function writeMoney({ amount, currency }) {
    const digits = digitsOf(currency);
    return (amount / 10 ** digits).toFixed(digits);
}

/** "1234.50" as an amount in the smallest unit, without the way over a fraction; null of nothing, else undefined. */
export function readMoney(text, currency) {
    const written = text.trim().replaceAll(/[\s']/g, "");
    if (!written) return null;
    const digits = digitsOf(currency);
    const [whole, units, cents = ""] = /^(\d{1,12})(?:[.,](\d+))?$/.exec(written) ?? [];
    if (!whole || cents.length > digits) return undefined;
    return { amount: Number(units + cents.padEnd(digits, "0")), currency };
}
