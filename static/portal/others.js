import { activity } from "./views/activity.js";
import { contract, contracts, proposal, proposals } from "./views/agreements.js";
import { article, articles } from "./views/articles.js";
import { content, contents } from "./views/content.js";
import { deliverable } from "./views/deliverable.js";
import { documents } from "./views/documents.js";
import { invoice, invoices } from "./views/invoices.js";
import { messages } from "./views/messages.js";
import { onboarding } from "./views/onboarding.js";
import { people } from "./views/people.js";
import { preferences } from "./views/preferences.js";
import { project, projects } from "./views/projects.js";
import { referrals } from "./views/referrals.js";
import { report, reports } from "./views/reports.js";
import { survey } from "./views/survey.js";
import { newTicket, ticket, tickets } from "./views/tickets.js";

/** The pages beyond Home, which are loaded after it, or where one of them is asked for first. */
export const views = {
    "/projects": projects, "/projects/{id}": project, "/deliverables/{id}": deliverable,
    "/content": contents, "/content/{id}": content,
    "/messages": messages, "/tickets": tickets, "/tickets/new": newTicket, "/tickets/{id}": ticket,
    "/reports": reports, "/reports/{id}": report, "/invoices": invoices, "/invoices/{id}": invoice,
    "/proposals": proposals, "/proposals/{id}": proposal, "/contracts": contracts, "/contracts/{id}": contract,
    "/documents": documents, "/activity": activity, "/preferences": preferences, "/people": people,
    "/surveys/{id}": survey, "/onboarding": onboarding, "/referrals": referrals,
    "/help": articles, "/help/{id}": article,
};
