import { get } from "../api.js";
import { ask, make } from "../controls/controls.js";
import { readAll } from "../controls/many.js";
import { fill, h, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { inputRows, readInput, typedFor } from "./workflowinput.js";
import { inOrder, kinds, operators } from "./workflowsteps.js";
import { triggerOf, triggerPart } from "./workflowtrigger.js";

const slug = (text) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "") || "step";
const types = () => [
    ["string", t("Text or record")], ["integer", t("Whole number")], ["number", t("Number")],
    ["boolean", t("Yes or no")],
    ["list", t("List")], ["object", t("Several values")],
];

/** Makes a workflow, or changes one: what a run is given, and its steps one after the other. */
export async function editWorkflow({ one = { nodes: [], edges: [], state: {} }, title, save, told, onSaved }) {
    const [agents, tools, trigger] = await Promise.all([
        get("/v1/agents?limit=200&fields=name,title,reason"), get("/v1/tools?limit=200").catch(() => ({ data: [] })),
        triggerPart(one.trigger)]);
    const known = {
        agents: agents.data.filter(({ reason }) => !reason).map(({ name, title: said }) => [name, said]),
        tools: tools.data.map(({ name, title: said }) => [name, said]), names: () => [],
    };
    const state = Object.entries(one.state ?? {}).map(([name, declared]) => ({ name, ...declared }));
    const steps = inOrder(one).map((node) => ({ node,
        ways: (one.edges ?? []).filter(({ from }) => from === node.id) }));
    const { place } = ask({
        title, wide: true, told, onSaved, values: { ...one, state, steps, trigger: trigger.shown },
        strip: /^\/(nodes|edges)/,
        fields: [
            { name: "name", label: t("Name"), required: true }, { name: "description", label: t("What it is for"),
                type: "area", rows: 2 },
            { name: "state", label: t("What a run is given and keeps"), type: "rows", item: t("Value"), isLine: true,
                help: t("Such as the lead that it is about, and the score that a step finds."), fields: [
                    { name: "name", label: t("Short name"), required: true }, { name: "type", label: t("Kind"),
                        type: "choice", required: true, options: types(), default: "string" },
                    { name: "required", label: t("Needed at the start"), type: "yes" },
                ] },
            { name: "steps", label: t("Steps"), type: "rows", item: t("Step"), standard: { node: {}, ways: null },
                fields: [{ name: "", label: t("Step"), type: "custom", draw: (field, value) => step(value, known) }] },
            trigger.field,
        ],
        async save({ values }) {
            await save({ ...definition(values), trigger: triggerOf(values.trigger, one.trigger) });
        },
    });
    known.names = () => [...place.querySelectorAll("[data-step-name]")]
        .map((input) => input.value.trim()).filter(Boolean);
}

/** Returns the workflow as the API takes it: nodes, and the edges that lead from one to the next. */
function definition({ name, description, state, steps }) {
    const nodes = steps.map(({ node }) => node), edges = [];
    steps.forEach(({ node, ways }, index) => {
        const following = nodes[index + 1]?.id;
        for (const { to, when } of ways) {
            const target = to === "" ? following : to;
            if (target && target !== "end") edges.push({ from: node.id, to: target, ...(when && { when }) });
        }
    });
    const declared = Object.fromEntries(state.filter((one) => one.name).map(({ name: key, ...rest }) =>
        [slug(key), Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null
            && value !== undefined))]));
    return { name, description, start: nodes[0]?.id ?? "", state: declared, nodes, edges };
}

/** One step: its name, its kind with what that needs, and what comes then. */
function step({ node = {}, ways } = {}, known) {
    const parts = h("div"), more = h("div");
    const name = make({ name: "id", label: t("Name"), required: true }, node.id ? words(node.id) : "");
    name.element.querySelector("input").dataset.stepName = "";
    const kind = make({ name: "type", label: t("Node type"), type: "choice", required: true,
        options: Object.entries(kinds()) }, node.type ?? "agent");
    let controls = [], then = null;
    const show = (type, values) => {
        controls = fieldsOf(type, known).map((one) => make(one, one.shown ? one.shown(values) : values[one.name]));
        then = type === "condition" ? conditionWays(ways, known) : oneWay(ways, known);
        fill(parts, h("div", { class: "fields in-line" }, controls.map(({ element }) => element)));
        fill(more, then.element);
    };
    kind.element.addEventListener("change", () => show(kind.get(), {}));
    show(node.type ?? "agent", node);
    const read = () => {
        const said = name.get() ?? "", type = kind.get();
        const values = readAll(controls);
        if ("input" in values) values.input = readInput(values.input, node.input);
        if ("output" in values) values.output = Object.fromEntries(values.output.filter(({ key }) => key)
            .map(({ key, value }) => [key, value]));
        const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null
            && value !== undefined
            && !(value?.constructor === Object && !Object.keys(value).length)));
        const id = node.id && words(node.id) === said ? node.id : slug(said);
        return { node: { id, type, ...(node.type === type && node.retry && { retry: node.retry }), ...kept },
            ways: then.get() };
    };
    const element = h("div", {}, h("div", { class: "fields in-line" }, name.element, kind.element), parts, more);
    const at = ([first, ...rest]) => controls.find((one) => one.name === first)?.at(rest) ?? name.element;
    return { name: "", element, get: read, at };
}

const outputs = () => ({ name: "output", label: t("What is kept of the result"), type: "rows", item: t("Result"),
    isLine: true,
    shown: ({ output }) => Object.entries(output ?? {}).map(([key, value]) => ({ key, value })),
    fields: [{ name: "key", label: t("Keep as") }, { name: "value", label: t("From the result's") }] });

function fieldsOf(type, { agents, tools, names }) {
    const duration = (name, label, help) => ({ name, label, help, type: "duration" });
    const others = () => names().map((name) => [slug(name), name]);
    return {
        agent: () => [{ name: "agent", label: t("Agent"), type: "choice", required: true, options: agents },
            inputRows(),
            outputs()],
        tool: () => [{ name: "tool", label: t("Tool"), type: "choice", required: true, options: tools }, inputRows(),
            outputs()],
        condition: () => [],
        wait: () => [duration("for", t("How long")), { name: "signal", label: t("Or until this signal comes") },
            duration("timeout", t("At most"), t("For a signal."))],
        approval: () => [{ name: "title", label: t("Question"), required: true },
            { name: "reason", label: t("Reason") },
            duration("expires_in", t("Expires after"))],
        parallel: () => [{ name: "branches", label: t("Steps at once"), type: "list",
            help: others().map(([id]) => id).join(", ") || t("The short names of other steps, separated by commas.") },
        { name: "next", label: t("Then all go on with") }],
        map: () => [{ name: "over", label: t("The list"), required: true }, { name: "as", label: t("Call each one") },
            { name: "node", label: t("Step for each"), required: true }],
        sub_workflow: () => [{ name: "workflow_id", label: t("Workflow"), type: "record", refers: "workflows" },
            inputRows()],
    }[type]();
}

/** A select of the other steps, which is read anew whenever it is opened. */
function target(label, value, known) {
    const control = make({ name: "to", label, type: "choice", none: t("The next step below"), options: [
        ["end", t("The run ends")], ...value && value !== "end" ? [[value, words(value)]] : []] }, value);
    const select = control.element.querySelector("select");
    const fresh = () => {
        const now = select.value, names = known.names().map((name) => [slug(name), name]);
        const options = [["", t("The next step below")], ["end", t("The run ends")], ...names];
        if (now && !options.some(([code]) => code === now)) options.push([now, words(now)]);
        fill(select, options.map(([code, said]) => h("option", { value: code, selected: code === now }, said)));
    };
    select.addEventListener("pointerdown", fresh);
    select.addEventListener("focus", fresh);
    return { ...control, get: () => select.value };
}

function oneWay(ways, known) {
    const control = target(t("Then"), ways === null || ways === undefined ? "" : ways[0]?.to ?? "end", known);
    return { element: control.element, get: () => [{ to: control.get() }] };
}

/** The ways on from a choice: the first whose condition holds, or else the last. */
function conditionWays(ways, known) {
    const simple = ({ when }) => when?.field;
    const shown = (ways ?? []).filter(simple).map(({ to, when }) => ({ ...when, to,
        value: Array.isArray(when.value) ? when.value.join(", ") : String(when.value ?? "") }));
    const kept = (ways ?? []).filter((way) => way.when && !simple(way));
    const inner = make({ name: "ways", label: t("Ways"), type: "rows", item: t("Way"), isLine: true, fields: [
        { name: "field", label: t("If the value"), required: true }, { name: "op", label: t("Compared"), type: "choice",
            required: true, options: operators(), default: "gte" }, { name: "value", label: t("With") },
        { name: "to", label: t("Then"), type: "custom", draw: (one, value) => ({ ...target(t("Then"), value ?? "",
            known),
            name: "to" }) },
    ] }, shown);
    const otherwise = target(t("Otherwise"), (ways ?? []).find(({ when }) => !when)?.to ?? "", known);
    const read = () => [...inner.get().map(({ field, op, value, to }) => ({ to, when: { field: slug(field ?? ""), op,
        ...(op !== "exists" && { value: typedFor(value, op) }) } })), ...kept, { to: otherwise.get() }];
    return { element: h("div", {}, inner.element, otherwise.element,
        kept.length > 0 && quiet(t("Conditions of several parts stay as they are: {count}", { count: kept.length }))),
    get: read };
}
