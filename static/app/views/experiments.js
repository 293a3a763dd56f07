import { pagesOf } from "../records/pages.js";
import { experimentActions, results } from "../selling/experiments.js";

/** Experiments: which variant of a step, price or package does better. */
export const { list, newRecord, record, editRecord } = pagesOf("experiments", {
    record: { facts: ["variants", "result"], actions: experimentActions, panels: results },
});
