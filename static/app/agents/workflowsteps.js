import { linkTo } from "../places.js";
import { secondsOf } from "../controls/leaves.js";
import { h } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { words } from "../../ui/format.js";
import { pieces, t } from "../../ui/words.js";

/* A workflow's steps in words, in the order in which they come. */

export const kinds = () => ({
    agent: t("An agent works"), tool: t("Do something"), condition: t("Choose a way"), wait: t("Wait"),
    approval: t("Ask a person"), parallel: t("Do several at once"), map: t("Do it for each"),
    sub_workflow: t("Run another workflow"),
});

export const operators = () => [
    ["eq", t("is")], ["ne", t("is not")], ["gt", t("is more than")], ["gte", t("is at least")],
    ["lt", t("is less than")], ["lte", t("is at most")], ["in", t("is one of")], ["contains", t("contains")],
    ["exists", t("is known")],
];

/** "Score is at least 60 and …". */
export function conditionInWords({ field, op, value, all, any, not }) {
    if (all) return all.map(conditionInWords).join(t(" and "));
    if (any) return any.map(conditionInWords).join(t(" or "));
    if (not) return t("not: {condition}", { condition: conditionInWords(not) });
    const said = operators().find(([code]) => code === op)?.[1] ?? words(op);
    const shown = Array.isArray(value) ? value.join(", ") : value === true ? t("yes") : value === false ? t("no")
        : value;
    return [words(field), said, shown].filter((part) => part !== undefined && part !== null).join(" ");
}

/** The nodes as they are come to from the start; those that nothing leads to come last. */
export function inOrder({ start, nodes = [], edges = [] }) {
    const byID = new Map(nodes.map((node) => [node.id, node])), seen = [], waiting = [start];
    while (waiting.length) {
        const node = byID.get(waiting.shift());
        if (!node || seen.includes(node)) continue;
        seen.push(node);
        waiting.push(...edges.filter(({ from }) => from === node.id).map(({ to }) => to), ...node.branches ?? [],
            ...[node.next, node.node].filter(Boolean));
    }
    return [...seen, ...nodes.filter((node) => !seen.includes(node))];
}

/** A step by its title; of a question that is the question itself, which stands below. */
export const titleOf = (node) => (node?.title && node.type !== "approval" ? node.title : words(node?.id ?? ""));

/** Says a step's work in a sentence. */
export function what(node) {
    const time = (value) => lasting(secondsOf(value));
    const said = {
        agent: () => pieces("{agent} works", { agent: linkTo({ type: "agent", id: node.agent }) }),
        tool: () => words(node.tool),
        condition: () => t("Choose a way"),
        wait: () => (node.signal ? node.timeout
            ? t("Wait for “{signal}”, at most {time}", { signal: words(node.signal), time: time(node.timeout) })
            : t("Wait for “{signal}”", { signal: words(node.signal) }) : t("Wait {time}", { time: time(node.for) })),
        approval: () => t("Ask a person: {question}", { question: plain(node.title ?? words(node.id)) }),
        parallel: () => t("At once: {steps}", { steps: (node.branches ?? []).map(words).join(", ") }),
        map: () => t("For each of {list}: {step}", { list: words(node.over ?? ""), step: words(node.node ?? "") }),
        sub_workflow: () => pieces("Run {workflow}", { workflow: linkTo({ type: "wfl", id: node.workflow_id }) }),
    };
    return said[node.type]?.() ?? words(node.type);
}

/** "Write to {{lead_id}}?" without the braces of programs. */
const plain = (text) => text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name) => `[${words(name)}]`);

const given = (input) => Object.entries(input ?? {}).map(([name, value]) =>
    `${words(name)}: ${typeof value === "object" ? given(value) : plain(String(value))}`).join(", ");

/** The definition as a list of steps; `states` has how far a run is: {id: [badge's tone, more]}. */
export function stepList(one, states = new Map()) {
    const ways = (id) => (one.edges ?? []).filter(({ from }) => from === id);
    const named = (id) => titleOf((one.nodes ?? []).find((node) => node.id === id) ?? { id });
    return h("ol", { class: "flow" }, inOrder(one).map((node) => {
        const [toned, ...more] = states.get(node.id) ?? [];
        const next = ways(node.id);
        return h("li", { class: toned },
            h("h3", {}, titleOf(node)), h("p", {}, what(node)),
            node.input && Object.keys(node.input).length > 0 && h("p", { class: "quiet" }, given(node.input)),
            node.type === "condition" ? h("ul", { class: "quiet" }, next.map(({ to, when }) => h("li", {}, when
                ? t("If {condition}: {step}", { condition: conditionInWords(when), step: named(to) })
                : t("Otherwise: {step}", { step: named(to) }))))
                : h("p", { class: "quiet" }, next.length ? t("Then: {steps}", { steps: next.map(({ to }) => named(to))
                    .join(", ") }) : t("The run ends here.")),
            more);
    }));
}
