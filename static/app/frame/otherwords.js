import { may } from "../api.js";
import { addressOfNew, declared } from "../records/meta.js";
import { t } from "../../ui/words.js";

/* People's words in the search for pages that are called otherwise, and what they want to do there. */

/** Other words for a page, by its address. */
const otherWords = () => ({
    "#/": t("home, start, dashboard, overview"),
    "#/inbox": t("messages, mail, email, chat, conversations"),
    "#/approvals": t("approve, review, decide, requests"),
    "#/leads": t("prospects, enquiries"), "#/deals": t("pipeline, sales, forecast"),
    "#/contacts": t("people, persons, address book"), "#/companies": t("accounts, organizations, firms"),
    "#/proposals": t("quotes, offers, estimates"), "#/contracts": t("agreements, signatures"),
    "#/sequences": t("outreach, follow-up, cadence, drip"), "#/clients": t("customers, accounts"),
    "#/tasks": t("to do, todo"), "#/invoices": t("billing, bills, payments, money"),
    "#/payments": t("billing, money, bank statement, paid"), "#/subscriptions": t("billing, recurring, plans"),
    "#/tickets": t("issues, cases, help desk, requests"), "#/articles": t("help, faq, knowledge base, docs"),
    "#/agents": t("ai, bots, robots, automation, assistants"), "#/runs": t("log, history, automation"),
    "#/workflows": t("automation, flows"), "#/sandboxes": t("test, trial, simulation, copy"),
    "#/insights": t("dashboard, analytics, statistics, figures, reports"), "#/alerts": t("warnings, problems"),
    "#/calendar": t("schedule, plan, dates"),
    "#/settings/profile": t("password, name, language, account, devices, sessions, shortcuts"),
    "#/settings/my-notifications": t("emails, mute, alerts, digest"),
    "#/settings/agency": t("address, country, currency, time zone, language, company, name"),
    "#/settings/brand": t("logo, colours, colors, design, theme, look"),
    "#/settings/hours-and-holidays": t("opening hours, business hours, vacation, days off, closed"),
    "#/settings/people": t("invite, invitation, users, colleagues, members, staff, employees, team, access"),
    "#/settings/roles": t("permissions, rights, access, members"),
    "#/settings/security-and-data": t("privacy, retention, deletion, networks, sign-in, cors"),
    "#/settings/integrations":
        t("connect, email, mailbox, smtp, imap, whatsapp, telegram, slack, calendar, payment, stripe, crm, services, apps"),
    "#/settings/sending-domains": t("dns, spf, dkim, dmarc, email domain, deliverability"),
    "#/settings/sending-rules": t("quiet hours, limits, frequency, consent, law, tracking"),
    "#/settings/api-keys": t("token, secret, developer, access key"),
    "#/settings/webhooks": t("hooks, events, callback, developer"),
    "#/settings/packages": t("prices, products, services, plans, offers"),
    "#/settings/invoices-and-concessions": t("billing, tax, vat, discount, margin, payment terms, bank details"),
    "#/settings/sales-material": t("objections, case studies, references"),
    "#/settings/templates": t("email texts, drafts, messages"),
    "#/settings/wordings": t("texts, translations, language"),
    "#/settings/custom-fields": t("properties, attributes, columns"),
    "#/settings/sla-targets": t("response time, deadlines, service level"),
    "#/settings/teams-and-skills": t("groups, routing, assignment"),
    "#/settings/macros": t("shortcuts, automation"), "#/settings/canned-replies": t("snippets, saved replies, answers"),
    "#/settings/forms-and-surveys": t("website form, questionnaire, feedback, contact form"),
    "#/settings/models": t("ai, llm, gpt, openai, anthropic, ollama, language model"),
    "#/settings/budgets": t("costs, spending, limits, money"), "#/settings/schedules": t("cron, timer, plan, automation"),
    "#/settings/background-work": t("jobs, queue, progress"),
    "#/settings/suppressions": t("unsubscribed, blocklist, blacklist, do not contact, bounces, opt-out"),
    "#/settings/consents": t("gdpr, opt-in, permission, data protection"),
    "#/settings/privacy-requests": t("gdpr, data protection, erase, delete data, access request"),
    "#/settings/audit-log": t("history, changes, who did what, trail"), "#/settings/usage": t("costs, billing, quota, limits"),
    "#/settings/agencies": t("tenants, customers"), "#/settings/backups": t("restore, save, copy"),
    "#/settings/health": t("status, errors, server"),
});

/** The pages that have other words. */
export const wordsFor = () => Object.keys(otherWords());

const allowed = ({ permission }) => !permission || may(permission);

/** The deeds of pages whose names do not say them. */
export const doings = () => [
    { text: t("Invite somebody"), href: "#/settings/people/new", permission: "invitations:write",
        also: t("add user, colleague, member, employee, team") },
    { text: t("Change password"), href: "#/settings/profile?field=current_password" },
    { text: t("Import leads"), href: "#/import", permission: "leads:import", also: t("upload, csv, excel, file") },
    { text: t("Connect a service"), href: "#/settings/integrations/new", permission: "integrations:write",
        also: t("email, mailbox, smtp, whatsapp, payment, integration") },
].filter(allowed);

/** The kinds that have pages, of which records can be made: known once they have been asked for. */
let kinds = [];

export const knowKinds = async () => (kinds = [...(await declared()).values()]);

export const makings = () => kinds.filter((kind) => addressOfNew(kind))
    .map((kind) => ({ text: t("New {thing}", { thing: kind.singular }), href: addressOfNew(kind) }));

/** Adds to each place the other words that it is found by. */
export function withOtherWords(places) {
    const others = otherWords();
    return places.map((one) => ({ ...one, also: one.also ?? others[one.href] }));
}

const fold = (text) => text.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** Exact names first, then those that begin so, have it somewhere, and those of which people say all that is asked. */
export function ranked(list, said) {
    const asked = fold(said), parts = wordsOf(said);
    const isSaid = (own) => parts.length > 0 && parts.every((part) => own.some((word) => word.startsWith(part)));
    const rank = ({ text, also = "" }) => {
        const own = fold(text);
        return own === asked ? 0 : own.startsWith(asked) ? 1 : own.includes(asked) ? 2
            : isSaid(wordsOf(text)) ? 3 : isSaid(wordsOf(`${text} ${also}`)) ? 4 : 5;
    };
    return list.map((one) => [rank(one), one]).filter(([place]) => place < 5)
        .sort(([a], [b]) => a - b).map(([, one]) => one);
}
