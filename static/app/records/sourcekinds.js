import { term } from "../../ui/words.js";

/* People's names for what leads are searched with, as `kinds` has them for the rest. */

export const sourceKinds = {
    searches: {
        singular: term("search"), title: term("Searches"), name: "name",
        form: ["name", "sources", "countries", "industries", "keywords", "employee_count", "area", "websites",
            "target_count", "max_cost", "enabled"],
        filters: ["enabled"],
        labels: { target_count: term("New leads wanted"), max_cost: term("Cost at most"), area: term("Place"),
            employee_count: term("Employees"), found: term("Found"), created: term("New leads") },
        empty: term("A search looks for companies like your ideal customer. Agents run it each morning."),
    },
};
