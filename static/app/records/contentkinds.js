import { term } from "../words.js";

/* How people call what the agency writes for many, and whom it reaches, as `kinds` has it for the rest. */

export const contentKinds = {
    segments: {
        singular: term("segment"), title: term("Segments"), name: "name",
        columns: ["of", "static", "count", "updated_at"], form: ["name", "of", "static", "filter"],
        filters: ["of", "static"], labels: { of: term("Made of"), static: term("By hand"), filter: term("Filter") },
        empty: term("A segment is some of your leads, contacts or clients: those that a filter finds, or that you choose."),
    },
    "content-items": {
        singular: term("content item"), title: term("Content"), name: "title",
        columns: ["type", "status", "segment_id", "updated_at"],
        form: ["title", "type", "subject", "body", "segment_id", "technical", "guide", "status"],
        filters: ["type", "status"], permission: "content_items",
        labels: {
            segment_id: term("For"), technical: term("For developers"), guide: term("Guide"), variants: term("Variants"),
        },
        empty: term("Content is written once for many, and reaches each person once. Write the first piece here."),
    },
    distributions: {
        singular: term("distribution"), title: term("Distributions"), titled: "id",
        columns: ["content_item_id", "status", "matched", "planned", "created_at"], form: [], filters: ["status"],
        noEdit: true, noDelete: true, noNew: true, permission: "content_items",
        labels: {
            content_item_id: term("Content"), matched: term("Looked at"), planned: term("Planned"),
            skipped: term("Left out"), audience: term("Audience"),
        },
        empty: term("What is sent of your content, and to how many, is listed here."),
    },
    "content-calendar-rules": {
        singular: term("calendar rule"), title: term("Content calendar rules"), name: "theme",
        columns: ["scope", "type", "audience", "enabled"],
        form: ["theme", "scope", "weekday", "week", "quarter", "month", "type", "audience", "enabled"],
        filters: ["scope", "type"], permission: "content_calendar",
        labels: {
            scope: term("Rhythm"), weekday: term("Weekday, from 1"), week: term("Week of the month"),
            quarter: term("Quarter"), month: term("Month"), theme: term("Theme"), audience: term("Audience"),
        },
        empty: term("A rule says what is told on which days; approved content of its type fills them."),
    },
};
