import JSON
import Nouns
import Records
import Testing

@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

/// The only workflow that is there.
private let knownWorkflow = ID<WorkflowDefinition>.numbered(1)

private func read(
    _ nodes: [JSON], _ edges: [JSON] = [], state: JSONObject = [:], start: String? = nil
) -> (Graph, [Fault]) {
    var reader = GraphReader(
        GraphReader.World(
            hasAgent: { $0 == "lead_scoring" }, hasTool: { $0 == "update_record" },
            hasWorkflow: { $0 == knownWorkflow }))
    let graph = reader.read(
        start: start ?? nodes[0]["id"]?.text ?? "", state: state, nodes: nodes, edges: edges)
    return (graph, reader.faults.list)
}

private func faults(
    _ nodes: [JSON], _ edges: [JSON] = [], state: JSONObject = [:], start: String? = nil
) -> [String] {
    read(nodes, edges, state: state, start: start).1.map { "\($0.pointer) \($0.code)" }
}

private let scored: JSONObject = ["score": ["type": "integer"], "names": ["type": "list"]]

private func nap(_ id: String) -> JSON { ["id": .string(id), "type": "wait", "for": "PT1H"] }

struct GraphReading {
    @Test func `the schema of nodes has what each type may hold, and nothing else`() {
        let kinds = GraphReader.Kind.allCases.flatMap(\.members)
        #expect(Set(GraphForm.members.keys) == Set(kinds + ["id", "type", "title"]))
        #expect(GraphForm.nodes["items"]?["properties"]?.object?.keys == GraphForm.members.keys)
    }

    @Test func `a trigger says which events begin it, and what they give the state`() throws {
        var reader = GraphReader(.anything)
        _ = reader.read(start: "nap", state: scored, nodes: [nap("nap")], edges: [])
        let trigger = reader.read(
            trigger: [
                "events": ["lead.*", "deal.won"],
                "when": ["any": [["field": "record.score", "op": "gte", "value": 60]]],
                "state": ["score": "record.score", "names": "data.names"],
            ], fault: { _ in nil })
        #expect(reader.faults.list.isEmpty)
        let found = try #require(trigger)
        #expect(found.asksForRecord && found.events.contains("lead.created"))
        #expect(!found.events.contains("deal.lost"))
        let event: JSONObject = ["type": "lead.created", "data": [:], "record": ["score": 70]]
        #expect(found.fits(event) && found.state(from: event) == ["score": 70])
        #expect(!found.fits(["type": "lead.created", "data": [:], "record": .null]))
        #expect(reader.read(trigger: .null, fault: { _ in nil }) == nil)
    }

    @Test func `a sound definition has no faults`() {
        let (graph, faults) = read(
            [
                ["id": "score", "type": "agent", "agent": "lead_scoring", "output": ["score": "score"]],
                ["id": "hot", "type": "condition"],
                ["id": "ask", "type": "approval", "title": "Score {{score}}?"],
                ["id": "each", "type": "map", "over": "names", "as": "name", "node": "mark"],
                [
                    "id": "mark", "type": "tool", "tool": "update_record", "input": ["id": "{{name}}"],
                    "retry": ["max_attempts": 2, "delay": "PT1S"],
                ],
            ],
            [
                ["from": "score", "to": "hot"],
                [
                    "from": "hot", "to": "ask",
                    "when": ["all": [["field": "score", "op": "gte", "value": 60]]],
                ],
                ["from": "hot", "to": "each"], ["from": "ask", "to": "each"],
            ], state: scored)
        #expect(faults.isEmpty)
        #expect(
            graph.next(after: "hot", ["score": 60]) == "ask"
                && graph.next(after: "hot", ["score": 59]) == "each")
        #expect(graph["mark"]?.attempts == StepAttempts(2, retry: RetryPolicy(base: .seconds(1))))
    }

    @Test(
        arguments: [
            (
                "a node that an edge names", [nap("a")], [["from": "a", "to": "b"]],
                "/edges/0/to unknown_node"
            ),
            ("a node that nothing leads to", [nap("a"), nap("b")], [], "/nodes/1 unreachable_node"),
            ("two nodes of one name", [nap("a"), nap("a")], [], "/nodes/1/id duplicate_node"),
            (
                "an agent", [["id": "a", "type": "agent", "agent": "astrology"]], [],
                "/nodes/0/agent unknown_agent"
            ),
            ("a tool", [["id": "a", "type": "tool", "tool": "hammer"]], [], "/nodes/0/tool unknown_tool"),
            ("a kind of node", [["id": "a", "type": "prayer"]], [], "/nodes/0/type invalid_choice"),
            (
                "a condition without a way out", [["id": "a", "type": "condition"], nap("b")],
                [["from": "a", "to": "b", "when": ["field": "score", "op": "gt", "value": 1]]],
                "/nodes/0 missing_edge"
            ),
            (
                "a comparison with another type", [nap("a"), nap("b")],
                [
                    ["from": "a", "to": "b", "when": ["field": "score", "op": "gte", "value": "many"]],
                    ["from": "a", "to": "b"],
                ], "/edges/0/when/value type_mismatch"
            ),
            (
                "a field that is not declared",
                [["id": "a", "type": "tool", "tool": "update_record", "input": ["id": "{{lead}}"]]], [],
                "/nodes/0/input unknown_state_field"
            ),
            (
                "an output into no field",
                [["id": "a", "type": "agent", "agent": "lead_scoring", "output": ["colour": "score"]]], [],
                "/nodes/0/output/colour unknown_state_field"
            ),
            (
                "a map over no list",
                [["id": "a", "type": "map", "over": "score", "as": "x", "node": "b"], nap("b")], [],
                "/nodes/0/over type_mismatch"
            ),
            ("a wait for nothing", [["id": "a", "type": "wait"]], [], "/nodes/0/for required"),
            (
                "a wait for no time", [["id": "a", "type": "wait", "for": "soon"]], [],
                "/nodes/0/for invalid_duration"
            ),
            (
                "a member of another kind of node",
                [["id": "a", "type": "wait", "for": "PT1S", "tool": "x"]], [],
                "/nodes/0/tool unknown_field"
            ),
            (
                "a sub-workflow", [["id": "a", "type": "sub_workflow", "workflow_id": "wfl_other"]], [],
                "/nodes/0/workflow_id unknown_reference"
            ),
        ] as [(String, [JSON], [JSON], String)])
    func `a fault is named with its place`(_ what: String, _ nodes: [JSON], _ edges: [JSON], _ fault: String)
    {
        #expect(faults(nodes, edges, state: scored).contains(fault), "\(what)")
    }

    @Test func `every fault is named at once`() {
        let found = faults(
            [nap("a"), nap("b"), ["id": "x", "type": "tool", "tool": "hammer"]],
            [["from": "a", "to": "nowhere"]],
            state: ["Bad name": ["type": "colour"]])
        for code in ["unknown_node", "unreachable_node", "unknown_tool", "invalid_key", "invalid_choice"] {
            #expect(found.contains { $0.hasSuffix(code) }, "\(code)")
        }
    }
}

struct GraphTemplates {
    @Test func `a text that is one name becomes the value, others are filled in`() {
        let state: JSONObject = ["n": 3, "lead": ["tags": ["a", "b"]], "who": "Ann & Bob"]
        let filled = GraphTemplate.filled(
            [
                "n": "{{n}}", "tag": "{{ lead.tags.1 }}", "text": "{{who}}: {{n}} {{gone}}!",
                "list": ["{{lead}}"],
            ],
            with: state)
        #expect(
            filled == ["n": 3, "tag": "b", "text": "Ann & Bob: 3 !", "list": [["tags": ["a", "b"]]]])
        #expect(GraphTemplate.filled("{{open and {{n}} }}", with: state) == "{{open and 3 }}")
    }

    @Test func `what a value holds is never filled in again`() {
        let filled = GraphTemplate.filled("{{who}}", with: ["who": "{{secret}}", "secret": "s"])
        #expect(filled == "{{secret}}")
    }
}

struct GraphConditions {
    @Test(
        arguments: [
            (JSON.integer(60), "gte", JSON.integer(60), true), (59, "gte", 60, false), (59.5, "lt", 60, true),
            (.null, "gte", 0, false), (.null, "lt", 0, false), ("b", "gt", "a", true), ("1", "gt", 0, false),
            (1, "eq", 1.0, true), (.null, "eq", .null, true), (.null, "ne", "x", true),
            ("a", "in", ["a", "b"], true),
            (["a", "b"], "contains", "b", true), ("abc", "contains", "bc", true),
            (.null, "exists", true, false),
            (0, "exists", .null, true), (.null, "exists", false, true),
        ] as [(JSON, String, JSON, Bool)])
    func `compare values`(_ field: JSON, _ op: String, _ value: JSON, _ holds: Bool) throws {
        #expect(try #require(GraphOperator(rawValue: op)).holds(field, value) == holds)
    }
}

struct GraphDiagrams {
    @Test func `a diagram names each node and escapes what people wrote`() {
        let (graph, _) = read(
            [["id": "a", "type": "wait", "for": "PT1H", "title": "<b>Ann & Bob</b>"], nap("b")],
            [["from": "a", "to": "b"]])
        let svg = GraphDiagram(graph: graph, status: ["a": .completed]).svg
        #expect(svg.contains("&lt;b&gt;Ann &amp; Bob&lt;/b&gt;") && !svg.contains("<b>"))
        #expect(svg.contains(">b</text>") && svg.contains("completed") && svg.hasSuffix("</svg>\n"))
    }
}
