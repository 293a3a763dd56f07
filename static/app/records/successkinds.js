import { term } from "../words.js";

/* How people call what clients begin with and want to reach, as `kinds` has it for the rest. */

export const successKinds = {
    onboardings: {
        singular: term("onboarding"), title: term("Onboardings"),
        columns: ["client_id", "status", "progress", "started_at"], form: [], filters: ["status"],
        noEdit: true, noDelete: true, noNew: true,
        empty: term("A new client is taken in step by step, from the day on which it is made."),
    },
    goals: {
        singular: term("goal"), title: term("Goals"), name: "name", fallback: "metric",
        columns: ["client_id", "target", "current", "by", "reached_at"],
        form: ["client_id", "name", "metric", "measure", "target", "direction", "from", "by"],
        labels: { by: term("Until"), from: term("Counts from") },
        empty: term("A goal is a figure that a client wants to reach by a day."),
    },
    "project-templates": {
        singular: term("project template"), title: term("Project templates"), name: "name",
        columns: ["package_id", "updated_at"], form: ["name", "package_id", "milestones", "tasks"],
        empty: term("A template says with which milestones and tasks the projects of a package begin."),
    },
};
