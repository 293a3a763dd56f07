import { words } from "../../ui/format.js";
import { moment } from "../../ui/when.js";
import { term } from "../../ui/words.js";

/* People's names for the parts of syncs with outside services, as `kinds` has them for the rest. */

export const syncKinds = {
    syncs: {
        singular: term("sync"), title: term("Syncs"),
        name: "object",
        called: ({ object, provider }) => object && [object, provider].filter(Boolean).map(words).join(" – "),
        form: ["integration_id", "object", "local", "direction", "conflict", "deletes", "every", "history", "mapping"],
        filters: ["status", "local"],
        labels: {
            object: term("Records there"), local: term("Records here"), conflict: term("Where both have changed"),
            deletes: term("What is deleted there"), every: term("How often"), mapping: term("Fields"),
            history: term("What is said"),
            defaults: term("Fixed values of new records"), filter: term("Only records such as"),
            provider: term("Service"), cursor: term("Read up to"), paused_because: term("Paused because"),
            backfill: term("First reading"),
        },
        empty: term("A sync keeps leads, companies, deals, clients or tasks in step with a connected service."),
        first: [term("Connected services"), "#/settings/integrations"],
    },
    "sync-runs": {
        singular: term("sync run"), title: term("Sync runs"),
        name: "created_at", called: ({ created_at: at }) => at && moment(at),
        form: [], filters: ["status"],
        permission: "syncs", noNew: true, noEdit: true, noDelete: true,
        labels: { pulled: term("Received"), pushed: term("Sent"), calls: term("Requests") },
        empty: term("What syncs have done is listed here."), first: [term("View syncs"), "#/syncs"],
    },
    "sync-conflicts": {
        singular: term("conflict"), title: term("Sync conflicts"),
        name: "field", called: ({ field }) => field && words(field),
        form: [], filters: ["status"],
        permission: "syncs", noNew: true, noEdit: true, noDelete: true,
        labels: { base: term("Last agreed"), local: term("Here"), remote: term("There"), subject_type: term("Record") },
        empty: term("Fields that both sides have changed wait here for a person."),
        first: [term("View syncs"), "#/syncs"],
    },
};
