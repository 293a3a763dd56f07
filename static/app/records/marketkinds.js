import { told } from "../sentences.js";
import { term } from "../../ui/words.js";

/* People's names for what is known of the market, and where metrics come from, as `kinds` has them for the rest. */

export const marketKinds = {
    competitors: {
        singular: term("competitor"), title: term("Competitors"), name: "name",
        form: ["name", "website", "feeds", "pages", "client_id", "notes"],
        empty: term("A competitor's site and feeds are watched each day, within what robots.txt allows."),
    },
    "market-activity": {
        singular: term("activity"), title: term("Competitors' activity"), name: "title",
        form: [], filters: ["type"], page: null,
        noEdit: true, noDelete: true, noNew: true, permission: "competitors", labels: { at: term("Published") },
        empty: term("What competitors publish, and what changes on their sites, is listed here."),
    },
    "market-findings": {
        singular: term("finding"), title: term("Market findings"),
        name: "title", called: ({ title }) => title && told(title),
        form: [], filters: ["kind", "status"],
        noEdit: true, noDelete: true, noNew: true, permission: "market",
        labels: { kind: term("Type"), numbers: term("Numbers"), interval: term("Interval"), chance: term("By chance") },
        empty: term("What your won and lost leads show about the market is listed here, once enough cases show it."),
        first: [term("View leads"), "#/leads"],
    },
    "market-reports": {
        singular: term("market report"), title: term("Market reports"),
        name: "title", called: ({ title }) => title && told(title),
        form: [], noEdit: true, noDelete: true, noNew: true, permission: "market",
        empty: term("On the first of each month the findings are put together, with their sources."),
        first: [term("View findings"), "#/market-findings"],
    },
    "metric-reads": {
        singular: term("reading"), title: term("Values read from services"), name: "source",
        form: [],
        filters: ["status"], noEdit: true, noDelete: true, noNew: true, permission: "metrics",
        labels: {
            through: term("Read through"), created: term("New values"), updated: term("Changed values"),
            finished_at: term("Last read"),
        },
        empty: term("Connect an analytics or advertising service of a client: its metrics are read each day."),
        first: [term("Connected services"), "#/settings/integrations"],
    },
};
