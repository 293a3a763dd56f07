internal import JSON
internal import Records

/// The form of a definition, as JSON Schema: tools that compose workflows go by it, and `GraphReader` checks it.
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
        "agent": text("For an agent: its name, as in GET /v1/agents."),
        "tool": text("For a tool: its name, as in GET /v1/tools."),
        "input": [
            "type": "object",
            "description": "The input of the node; {{field}} stands for a field of the state.",
        ],
        "output": [
            "type": "object", "additionalProperties": ["type": "string"],
            "description": "The part of the result for each field of the state.",
        ],
        "retry": .schema([
            "max_attempts": [
                "type": "integer", "minimum": 1, "maximum": 100,
                "description": "How often it is tried at most.",
            ],
            "delay": text("How long before the second attempt, as PT30S; then longer after each."),
        ]).merging(["description": "How the node is retried when it fails."]),
        "for": text("For a wait: how long, such as PT1H."),
        "signal": text("For a wait: the signal that it waits for, instead of a time."),
        "timeout": text("For a wait for a signal: after how long the run continues without it."),
        "expires_in": text("For an approval: how long it stays open, such as P3D."),
        "reason": text("For an approval: why it is needed.", max: 2000),
        "branches": [
            "type": "array", "items": ["type": "string"],
            "description": "For a parallel: the first node of each branch.",
        ],
        "next": text("For a parallel: the node that runs when all branches have ended."),
        "over": text("For a map: the list in the state whose entries are processed."),
        "as": text("For a map: the name of the entry in the node's input.", max: 64),
        "node": text("For a map: the node that runs for each entry."),
        "workflow_id": text("For a sub_workflow: the workflow that is started and waited for."),
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
                        "The condition: {field, op, value}, or all, any or not of such; none: always.",
                ],
            ],
            "required": ["from", "to"], "additionalProperties": false,
        ],
        "examples": [[["from": "score", "to": "ask"]]],
    ]

    static let trigger: JSON = [
        "type": ["object", "null"],
        "properties": [
            "events": [
                "type": "array", "minItems": 1, "maxItems": 50, "items": ["type": "string"],
                "description": "The types of events, such as lead.created or lead.*.",
            ],
            "when": [
                "type": ["object", "null"],
                "description": """
                The condition on the event, as an edge has it: its fields are type, subject, data and record, \
                which is the subject as the API shows it; none: always.
                """,
            ],
            "state": [
                "type": "object", "additionalProperties": ["type": "string"],
                "description": "Which place of the event goes into which field of the state.",
            ],
        ],
        "required": ["events"], "additionalProperties": false,
        "examples": [["events": ["lead.created"], "state": ["lead_id": "subject.id"]]],
    ]

    private static func text(_ about: String, max: Int = 200) -> JSON {
        ["type": "string", "maxLength": JSON(max), "description": .string(about)]
    }
}
