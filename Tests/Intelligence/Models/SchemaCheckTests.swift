import JSON
import Testing

@testable import Intelligence

@Suite struct SchemaCheckTests {
    private static let lead: JSON = [
        "type": "object", "additionalProperties": false, "required": ["intent", "budget"],
        "properties": [
            "intent": ["type": "string", "enum": ["buy", "ask"]],
            "budget": ["type": ["number", "null"], "minimum": 0, "maximum": 1_000_000],
            "tags": [
                "type": "array", "maxItems": 2, "items": ["type": "string", "minLength": 2, "maxLength": 5],
            ],
            "next": ["anyOf": [["type": "null"], ["type": "object", "required": ["at"]]]],
            "kind": ["const": "lead"], "count": ["type": "integer"],
        ],
    ]

    @Test(arguments: [
        #"{"intent":"buy","budget":null}"#, #"{"intent":"ask","budget":12.5,"tags":["hot","cold"]}"#,
        #"{"intent":"ask","budget":0,"next":null,"kind":"lead"}"#,
        #"{"intent":"ask","budget":0,"next":{"at":1}}"#,
        #"{"intent":"ask","budget":0,"count":3.0}"#,
    ])
    func `what fits has no fault`(_ text: String) throws {
        #expect(SchemaCheck.faults(try JSONParser.parse(text), Self.lead) == [])
    }

    @Test(arguments: [
        (#"[]"#, [""]), (#"{"intent":"sell"}"#, ["/budget", "/intent"]),
        (#"{"intent":"buy","budget":"12"}"#, ["/budget"]), (#"{"intent":"buy","budget":-1}"#, ["/budget"]),
        (#"{"intent":"buy","budget":2e6}"#, ["/budget"]),
        (#"{"intent":"buy","budget":1,"x/y":1}"#, ["/x~1y"]),
        (#"{"intent":"buy","budget":1,"tags":["a","b","c"]}"#, ["/tags", "/tags/0", "/tags/1", "/tags/2"]),
        (#"{"intent":"buy","budget":1,"tags":["toolong"]}"#, ["/tags/0"]),
        (#"{"intent":"buy","budget":1,"next":{}}"#, ["/next"]),
        (#"{"intent":"buy","budget":1,"kind":"x"}"#, ["/kind"]),
        (#"{"intent":"buy","budget":1,"count":1.5}"#, ["/count"]),
    ])
    func `every fault is named where it is`(_ text: String, _ pointers: [String]) throws {
        #expect(SchemaCheck.faults(try JSONParser.parse(text), Self.lead).map(\.pointer) == pointers)
    }

    @Test func `a document without bottom, and one full of faults, end`() {
        var deep: JSON = 1, schema: JSON = [:]
        for _ in 0..<200 { (deep, schema) = ([deep], ["items": schema]) }
        #expect(SchemaCheck.faults(deep, schema).map(\.detail) == ["is nested too deeply"])
        let many = JSON.array(Array(repeating: "x", count: 1000))
        #expect(SchemaCheck.faults(many, ["items": ["type": "integer"]]).count == 20)
    }
}
