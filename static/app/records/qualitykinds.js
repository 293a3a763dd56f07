import { told } from "../sentences.js";
import { words } from "../../ui/format.js";
import { term } from "../../ui/words.js";
import { componentName } from "./component.js";

/* People's names for what data quality works with, as `kinds` has them for the rest. */

export const qualityKinds = {
    "quality-rules": {
        singular: term("quality rule"), title: term("Quality rules"),
        name: "name", called: ({ name }) => name && words(name),
        form: ["name", "resource", "field", "kind", "parameters", "severity", "weight", "enabled"],
        filters: ["kind", "severity"],
        labels: { kind: term("Type"), parameters: term("Settings of the check") },
        empty: term("A quality rule says what good records are like. All records are checked each night."),
    },
    "quality-issues": {
        singular: term("quality issue"), title: term("Quality issues"),
        name: "rule", called: ({ rule }) => rule && words(rule),
        form: [], filters: ["status", "severity", "kind"], noEdit: true, noDelete: true, noNew: true,
        permission: "quality", labels: { kind: term("Type"), subject_type: term("Record") },
        empty: term("Records that break a quality rule are listed here, with what can be done."),
        first: [term("Quality rules"), "#/quality-rules"],
    },
    "error-patterns": {
        singular: term("error pattern"), title: term("Error patterns"),
        name: "component", called: ({ component }) => component && componentName(component),
        form: [], filters: ["category", "severity", "status"], noEdit: true, noDelete: true, noNew: true,
        permission: "quality",
        empty: term("What fails again and again is listed here, with its cause and what to do."),
        first: [term("View runs"), "#/runs"],
    },
    "change-sets": {
        singular: term("change set"), title: term("Change sets"),
        name: "title", called: ({ title }) => title && told(title),
        form: [], filters: ["kind", "status"], noEdit: true, noDelete: true, noNew: true,
        labels: { kind: term("Type") },
        empty: term("Changes to many records that can be undone as one: agents and corrections make them."),
        first: [term("View agents"), "#/agents"],
    },
};
