import { within, words } from "../ui/format.js";
import { day } from "../ui/when.js";
import { called, heard, locale, term } from "../ui/words.js";

/*
 * Sentences that the server keeps as they were said at the time, in English: each is known by its form, and told in the
 * reader's language with the values that stand in it. What has none of these forms is told as it stands.
 */

/** Parts of what is known of a lead, as a score names it: alone, or as parts of a list. */
const parts = [
    term("who decides"), term("LinkedIn page"), term("a disposable email address"), term("a shared mailbox"),
    term("a free email address"), term("company email address"), term("phone number"), term("named contact"),
    term("contact's title"), term("1 employee"), term("{count} employees"), term("revenue of about {amount} per year"),
    term("1 meeting"), term("{count} meetings"), term("1 reply"), term("{count} replies"), term("1 open"),
    term("{count} opens"), term("engagement of {score} in 100 over 30 days"), term("source: {source}"), term("1 pain point mentioned"),
    term("{count} pain points mentioned"), term("about {amount} per month"),
    term("a budget in {currency}, which cannot be compared"), term("the contact decides"),
    term("wants to start within 1 day"), term("wants to start within {count} days"),
];

const whole = [
    // The next steps with a lead.
    term("Follow up on the first message"), term("Book a meeting to assess their needs"),
    term("Follow up on the proposal"), term("Settle the open points and send the contract"),
    term("Hand over to onboarding"), term("Check back in six months"),
    term("Keep in touch by newsletter; no sales contact for now"), term("Nothing to do"),
    term("Find an email address or a phone number"), term("Research the company before contacting them"),
    term("Add to the nurture sequence"), term("Find out who decides on marketing"), term("Ask about {topics}"),
    term("Call to agree on a first meeting"), term("Call and ask about {topics}"),
    term("Write a personal email to agree on a first meeting"), term("Write a personal email and ask about {topics}"),
    // The sources and the author of a score.
    term("No employee count or revenue is known"), term("No industry is known"), term("{industry}: a target segment"),
    term("{industry}: a segment with steady demand"), term("{industry}: a segment without a track record"),
    term("{industry}: long sales cycles, small budgets"), term("A technology company"), term("Has a website"),
    term("its tools are not known"), term("No technology is known"), term("No website, profile or address is known"),
    term("No sign of interest yet"), term("No budget is known"), term("Uses {tools}"),
    term("Scored by rules until 50 leads are won and 50 lost."), term("Scored by your own won and lost leads."),
    // The readings of an answer, and the reasons for a question.
    term("They are interested, and what a proposal needs is known."), term("They are interested; still open: {topics}."),
    term("They are interested: {text}"), term("They ask what it costs."), term("They object: {code}."),
    term("They want to be asked later."), term("They name somebody else."), term("They unsubscribed."),
    term("They are not interested."), term("They accepted the proposal."), term("They wrote: {text}"),
    term("They name somebody without an address."), term("They ask something that only a person can answer."),
    term("They answer a proposal; a person should talk to them."), term("It is not clear what they want."),
    term("There is nothing to be done."), term("The contact asked for it in a mail."),
    term("The agent asks for approval before it writes to people."),
    term("The concession goes beyond what may be granted without approval."),
    term("Write to {name}: {subject}"), term("Answer ticket {number}: {subject}"), term("Look at it first: {text}"),
    // The effects of a change set, and the remedies of a record.
    term("Remedies of {code}"), term("Archive of unused leads"), term("Enrichment of {name}"),
    term("Facts from {address}"), term("What {source} says"), term("Enter the value of {code}."),
    term("Is {value} meant?"),
    // Findings about the market.
    term("{dimension} {value}: {now} % of {cases} decided are won, {before} % of the others. The difference is between {low} and {high} points."),
    term("The share of leads from {value} has changed: {now} % in the last {days} days after {before} % before. The difference is between {low} and {high} points."),
    term("Demand is rising: have an offer and people ready."),
    term("Demand is falling: look for the reason, and for other segments."),
    term("Prepare campaigns and capacity for this time."), term("Plan for a quiet month, or counter it."),
    term("Look for more leads like these."),
    term("Qualify such leads more strictly, or find out why they are lost."),
    term("Consider an offer for this need."), term("Read what is new, and check your own offer against it."),
    term("Market report, month from {day} on"), term("No finding rests on enough cases."),
    term("More leads come in: {now} in the last {days} days after {before} in the {days} days before. That is between {low} % and {high} % of them."),
    term("Fewer leads come in: {now} in the last {days} days after {before} in the {days} days before. That is between {low} % and {high} % of them."),
    term("More or less is written about {value}: {now} % of posts in the last {days} days after {before} % before. The difference is between {low} and {high} points."),
    term("The month from {day} on usually brings {percent} % of the leads of an average month, between {low} % and {high} %. Each of {years} years shows it."),
    term("{value}: {cases} leads name this need, {now} % of those who name any, between {low} % and {high} %. No package covers it."),
    term("{name}: 1 new post, 1 changed page."), term("{name}: 1 new post, {pages} changed pages."),
    term("{name}: {posts} new posts, 1 changed page."), term("{name}: {posts} new posts, {pages} changed pages."),
    // Where schedules meet, and what would help.
    term("A run of {agent} typically takes {time}, longer than until its next one."),
    term("Run it less often, or let it do less in one run."),
    term("{agent} and {other} typically work at the same time, and one of them is maintenance."),
    term("{agent} and {other} typically work at the same time, and both write {code}. {count} times a week."),
    term("{agent} and {other} typically work at the same time, and both write {code}."),
    term("Move one of them, or let {agent} run after {other}."),
    term("The schedule runs after {agent}, which has no schedule."),
    term("The schedule runs after {agent}, which is not due before it on that day."),
    term("Give {agent} an earlier time, or take `after` away."),
    term("{count} of its last 10 fires found the one before still at work."),
    term("Its last 20 runs by the clock found nothing to work on."),
    // The purposes of standard texts.
    term("Tells the person who asked that it has come, and until when they hear more."),
    term("Answers from an article, and says how to get a person. It goes on in its thread: its subject is not used."),
    term("Tells the person who asked that it takes longer than was promised."),
    term("Asks how it went, and leads to the page on which they answer."),
    // Why a sync is paused.
    term("The service is switched off."),
    term("The service has deleted {count} of {cases} records: nothing was archived."),
    term("Bad data holds back all {code} that are linked: mend their quality issues first."),
    term("Bad data in {fields}: it crosses once its quality issues are mended."),
];

const escaped = (text) => text.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
const formOf = (form) => ({
    form, names: [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    pattern: new RegExp(`^${escaped(form).replaceAll(/\{\w+\}/g, "(.+?)")}$`, "is"),
});

let forms = null;
const known = () => (forms ??= { whole: whole.map(formOf), parts: parts.map(formOf) });

/** Contents of a sentence: a list of topics, a code of the API's, or a person's words. */
const places = {
    topics: listed, code: within, agent: words, other: words, dimension: (word) => heard(word) ?? word,
    fields: (text) => text.split(", ").map(within).join(", "), day: dayOf,
};

/** "October 1, 2026" as the reader writes it. */
function dayOf(text) {
    const time = Date.parse(`${text} UTC`);
    return Number.isNaN(time) ? text : day(new Date(time).toISOString().slice(0, 10));
}

/** A text by one of the forms; `undefined`: it has none of them. */
function byForm(among, text) {
    for (const { form, names, pattern } of among) {
        const found = pattern.exec(text);
        if (!found) continue;
        const values = Object.fromEntries(names.map((name, index) =>
            [name, (places[name] ?? String)(found[index + 1])]));
        return (heard(form) ?? form).replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
    }
    return undefined;
}

const fromPart = (text) => byForm(known().parts, text);
const separate = (text) => text.split(/, | and /);

/** "budget, timeline and who decides": each part as it is called, in a list of the reader's language. */
function listed(text) {
    if ((locale() ?? "en").startsWith("en")) return text;
    const said = separate(text).map((part) => fromPart(part) ?? called(part.toLowerCase()));
    return said.includes(undefined) ? text : new Intl.ListFormat(locale()).format(said);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence of the server's in the reader's language; anything else as it stands. */
export function told(sentence) {
    const text = String(sentence);
    if (/^[a-z]+(_[a-z0-9]+)+$/.test(text)) return words(text);
    const said = byForm(known().whole, text);
    if (said !== undefined) return said;
    // One word may be anybody's.
    return separate(text).some((part) => fromPart(part) !== undefined) ? capital(listed(text)) : text;
}
