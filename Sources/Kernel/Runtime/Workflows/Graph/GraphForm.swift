internal import JSON
internal import Records

/// What a definition may hold, as JSON Schema: what tools that compose workflows go by, and `GraphReader` checks.
enum GraphForm {
    static let state: JSON = [
        "type": "object",
        "additionalProperties": [
            "type": "object",
            "properties": [
                "type": ["type": "string", "enum": JSON(GraphSchema.FieldType.allCases.map(\.rawValue))],
                "required": ["type": "boolean"], "default": [:], "description": ["type": "string"],
            ],
            "required": ["type"],
        ],
        "examples": [["lead_id": ["type": "string", "required": true]]],
    ]

    /// Of nodes of every type: which has which is `GraphReader.Kind`'s to say.
    static let members: JSONObject = [
        "id": ["type": "string", "maxLength": 64],
        "type": ["type": "string", "enum": JSON(GraphReader.Kind.allCases.map(\.rawValue))],
        "title": text("The node's title; of an approval, what a person is asked.", max: 500),
        "agent": text("Of an agent: its name, as GET /v1/agents has it."),
        "tool": text("Of a tool: its name, as GET /v1/tools has it."),
        "input": [
            "type": "object",
            "description": "What it is given; {{field}} stands for a field of the state.",
        ],
        "output": [
            "type": "object", "additionalProperties": ["type": "string"],
            "description": "What of the result goes into which field of the state.",
        ],
        "retry": .schema([
            "max_attempts": [
                "type": "integer", "minimum": 1, "maximum": 100,
                "description": "How often it is tried at most.",
            ],
            "delay": text("How long before the second attempt, as PT30S; then longer after each."),
        ]).merging(["description": "How it is tried again when it fails."]),
        "for": text("Of a wait: how long, as PT1H."),
        "signal": text("Of a wait: the signal that it waits for, instead of a time."),
        "timeout": text("Of a wait for a signal: after how long it goes on without."),
        "expires_in": text("Of an approval: how long the question stands, as P3D."),
        "reason": text("Of an approval: why it is asked.", max: 2000),
        "branches": [
            "type": "array", "items": ["type": "string"],
            "description": "Of a parallel: the first node of each branch.",
        ],
        "next": text("Of a parallel: the node that comes when all branches have ended."),
        "over": text("Of a map: the list in the state whose entries are gone through."),
        "as": text("Of a map: what the entry is called in the node's input.", max: 64),
        "node": text("Of a map: the node that is run for each entry."),
        "workflow_id": text("Of a sub_workflow: the workflow that is started, and waited for."),
    ]

    static let nodes: JSON = [
        "type": "array", "maxItems": 500,
        "items": .schema(members, required: ["id", "type"]).merging(["additionalProperties": false]),
        "examples": [
            [
                [
                    "id": "score", "type": "agent", "agent": "lead_scoring",
                    "input": ["lead_id": "{{lead_id}}"],
                ],
                ["id": "ask", "type": "approval", "title": "Write to them?"],
            ]
        ],
    ]

    static let edges: JSON = [
        "type": "array", "maxItems": 2000,
        "items": [
            "type": "object",
            "properties": [
                "from": ["type": "string"], "to": ["type": "string"],
                "when": [
                    "type": "object",
                    "description":
                        "{field, op, value}, or all, any or not of such; without it, it always holds.",
                ],
            ],
            "required": ["from", "to"], "additionalProperties": false,
        ],
        "examples": [[["from": "score", "to": "ask"]]],
    ]

    private static func text(_ about: String, max: Int = 200) -> JSON {
        ["type": "string", "maxLength": JSON(max), "description": .string(about)]
    }
}
