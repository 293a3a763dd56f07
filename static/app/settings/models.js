import { call, get, may, whoIsMe } from "../api.js";
import { ask } from "../controls/controls.js";
import { remedyFor } from "../reasons.js";
import { badge, doing, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { polite } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { listPage } from "./parts.js";

const path = (id) => `/v1/models/${encodeURIComponent(id)}`;

/** Facts about usual servers: the rest is the same everywhere. */
const servers = () => [
    ["https://api.openai.com/v1", "OpenAI"], ["https://api.anthropic.com/v1", "Anthropic"],
    ["https://api.mistral.ai/v1", "Mistral"], ["http://127.0.0.1:11434/v1", t("Ollama on this machine")],
];

async function fields() {
    const { data } = await get("/v1/agents?limit=200&fields=name,title,reason");
    const agents = data.filter(({ reason }) => !reason);
    const perMillion = { help: t("For a million tokens.") };
    return {
        first: [
            { name: "name", label: t("Name"), required: true, help: t("What you call it here.") },
            { name: "base_url", label: t("Server"), inputType: "url", required: true,
                help: t("Such as: {servers}", { servers: servers().map(([url,
                    name]) => `${url} (${name})`).join(", ") }) },
            { name: "model", label: t("Model"), required: true, help: t("As the provider calls it.") },
            { name: "api_key", label: t("API key"), type: "secret", help: t("From the provider's page of keys.") },
            { name: "agents", label: t("First choice of"), type: "records", search: searchIn(agents),
                textOf: (name) => agents.find((one) => one.name === name)?.title ?? words(name),
                help: t("These agents ask this model first. Empty: any agent, in the order of the list.") },
            { name: "input_price", label: t("Price of input"), type: "money", ...perMillion },
            { name: "output_price", label: t("Price of output"), type: "money", ...perMillion },
        ],
        rest: [
            { name: "position", label: t("Place in the order"), type: "number", isWhole: true,
                help: t("The lowest number is asked first; the next ones when it fails.") },
            { name: "redact", label: t("Hide names and addresses from it"), type: "yes" },
            { name: "enabled", label: t("In use"), type: "yes", default: true },
            { name: "timeout", label: t("Longest wait for an answer"), type: "duration" },
            { name: "supports_tools", label: t("It can call tools"), type: "yes", default: true },
            { name: "supports_schema", label: t("It can answer in a given form"), type: "yes", default: true },
            { name: "supports_temperature", label: t("It takes a temperature"), type: "yes", default: true },
        ],
    };
}

const searchIn = (agents) => async (said) => agents
    .filter(({ title }) => title.toLowerCase().includes(said.toLowerCase())).map(({ name, title }) =>
        ({ id: name, text: title }));

/** The language models: which one an agent asks, what it costs, and whether it answers. */
export const models = listPage("models", () => ({
    about: t("Agents write and decide with these, in the order of the list; without one they use rules alone."),
    label: t("New model"), hasOwnDetails: true,
    async open(kind, reload) {
        const { first, rest } = await fields();
        ask({ title: t("New model"), wide: true, fields: first, more: rest, told: t("Model connected"), onSaved: reload,
            async save({ values }) {
                const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
                await call(kind.path, { method: "POST", body });
            } });
    },
    actions: (model, { reload, kind }) => kind.mayWrite && h("button", { type: "button",
        onclick: () => edit(model, reload) }, t("Edit model")),
    panels: (model, { kind }) => [about(model), kind.mayWrite && tester(model)],
    below: learned,
}));

async function edit(model, onSaved) {
    const { first, rest } = await fields();
    const kept = first.map((one) => (one.name === "api_key"
        ? { ...one, help: t("Leave empty to keep the current key.") } : one));
    ask({ title: t("Edit model"), wide: true, fields: kept, more: rest, values: model, told: t("Model saved"), onSaved,
        async save({ changed }) {
            if (Object.keys(changed).length) await call(path(model.id), { method: "PATCH", body: changed });
        } });
}

const about = (model) => section(t("Details"), {}, facts([
    [t("Server"), model.base_url], [t("Model"), model.model],
    [t("API key"), model.has_key ? t("Kept, and never shown") : t("None")],
    [t("First choice of"), model.agents.map(words).join(", ")],
    [t("Price of input"), model.input_price && money(model.input_price)],
    [t("Price of output"), model.output_price && money(model.output_price)],
    [t("Place in the order"), number(model.position)],
    [t("Hides names and addresses"), model.redact ? t("Yes") : t("No")],
    [t("In use"), model.enabled ? badge(t("Yes"), "good") : badge(t("No"))],
]));

function tester({ id }) {
    const trouble = h("div"), told = h("div");
    return section(t("Test"), {}, quiet(t("A small question, which costs next to nothing.")), doing(t("Test"),
        async () => {
        const answer = await (await call(`${path(id)}/test`, { method: "POST" })).json();
        fill(told, h("div", { class: `notice ${answer.ok ? "good" : "bad"}`, ...polite },
            h("p", {}, h("strong", {}, answer.ok ? t("Works") : t("Not working")), " ",
                whyNot(answer), " ", remedyFor(answer)),
            answer.ok && quiet(t("{input} tokens in, {output} out", { input: number(answer.input_tokens),
                output: number(answer.output_tokens) }))));
    }, { place: trouble }), trouble, told);
}

/** Shows the lessons from corrections: models of the agency's own, which cost nothing. */
function learned({ signal }) {
    if (!may("agents:read") || whoIsMe()?.client) return null;
    return section(t("Learned from your corrections"), {}, pending(() => get("/v1/learned-models", signal),
        ({ data }) => (
        data.length === 0 ? quiet(t("Nothing yet: correct what an agent has sorted wrongly, and it learns."))
            : table(t("Learned from your corrections"), [t("Task"), t("Corrections"), t("Accuracy"), t("Status")],
                data.map((one) => h("tr", {}, h("th", { scope: "row" }, words(one.task)),
                    h("td", { "data-label": t("Corrections") }, t("{count} of {needed}",
                        { count: number(one.corrections), needed: number(one.needed) })),
                    h("td", { "data-label": t("Accuracy") }, percent(one.accuracy)),
                    h("td", {}, one.active ? badge(t("In use"), "good") : badge(t("Not yet")),
                        one.trained_at && [" ", ago(one.trained_at)]))), "stacked")), { signal }));
}
