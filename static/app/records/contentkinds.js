import { term } from "../words.js";

/* How people call what the agency writes for many, and whom it reaches, as `kinds` has it for the rest. */

export const contentKinds = {
    segments: {
        singular: term("segment"), title: term("Segments"), name: "name",
        columns: ["of", "static", "count", "updated_at"], form: ["name", "of", "static", "filter"],
        filters: ["of", "static"], labels: { of: term("Made of"), static: term("By hand"), filter: term("Filter") },
        empty: term("A segment is some of your leads, contacts or clients: those that a filter finds, or that you choose."),
    },
};
