import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/**
 * Names what fails, as people call it: the server says "job lead_import", "import of leads" or the name of a service.
 */
export function componentName(component) {
    const [, kind, name] = /^(job|agent|tool|import of|hook of) (.+)$/.exec(component) ?? [];
    switch (kind) {
        case "job": return t("Job: {name}", { name: words(name) });
        case "agent": return t("Agent: {name}", { name: words(name) });
        case "tool": return t("Tool: {name}", { name: words(name) });
        case "import of": return t("Import: {name}", { name: words(name) });
        case "hook of": return t("Webhook: {name}", { name: words(name) });
        default: return words(component);
    }
}
