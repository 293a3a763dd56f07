package import JSON
internal import Records

extension Routes {
    /// The declarations of the resources as `/v1/meta/resources` serves them, with what can be done by the routes.
    package var describedResources: [JSON] {
        resources.map { declared in
            var object = declared.value
            let path = object["path"]?.text ?? "", singular = object["singular"]?.text ?? ""
            let own = all.filter { $0.pattern == path || $0.pattern.hasPrefix(path + "/") }
            var operations = JSONObject()
            for (name, method, end) in Self.operations {
                guard let route = own.first(where: { $0.method == method && $0.pattern == path + end }) else {
                    continue
                }
                operations.append(name, JSON(route.permission?.name))
            }
            object.append("operations", .object(operations))
            object.append("actions", .array(own.compactMap { action($0, below: path, singular) }))
            return .object(object)
        }
    }

    private static let operations = [
        ("list", "GET", ""), ("create", "POST", ""), ("get", "GET", "/{id}"), ("update", "PATCH", "/{id}"),
        ("delete", "DELETE", "/{id}"), ("import", "POST", "/import"), ("export", "GET", "/export"),
    ]

    /// Describes what one can do with a record, or with many at once, beyond the operations of every resource.
    private func action(_ route: Route, below path: String, _ singular: String) -> JSON? {
        let segments = route.pattern.dropFirst(path.count).split(separator: "/").map(String.init)
        guard route.method == "POST", let name = segments.last, !name.contains("{"), name != "import" else {
            return nil
        }
        let isOfRecord = segments.count == 2 && segments[0] == "{id}"
        guard isOfRecord || segments.count == 1 else { return nil }
        // A POST to a list creates one more of its items.
        let isList = all.contains { $0.method == "GET" && $0.pattern == route.pattern && $0.answersPage }
        if isList { return nil }
        let label = Label.of(code: name)
        return [
            "name": .string(name), "on": .string(isOfRecord ? "record" : "list"),
            "method": .string(route.method), "path": .string(route.pattern),
            "permission": JSON(route.permission?.name),
            "label": .string(isOfRecord && !name.contains("-") ? "\(label) \(singular)" : label),
            "about": .string(route.summary),
        ]
    }

    /// Declares the schemas of the descriptions.
    package mutating func describeResources() {
        schema("ResourceDescription", resourceSchema)
        schema("ResourceField", fieldSchema)
        schema("ResourceAction", actionSchema)
    }
}

private func text(_ about: String) -> JSON { ["type": "string", "description": .string(about)] }

private func flag(_ about: String) -> JSON { ["type": "boolean", "description": .string(about)] }

private func names(_ about: String) -> JSON {
    ["type": "array", "items": ["type": "string"], "description": .string(about)]
}

private let resourceSchema: JSON = .record([
    "name": text("The prefix of the ids of its records."), "path": text("The path of its list."),
    "table": text("Its name in permissions and events."),
    "singular": text("The word for one record, within a sentence."),
    "plural": text("The word for several records, within a sentence."),
    "title_field": [
        "type": ["string", "null"],
        "description": "The field that names a record to people; null where there is none.",
    ],
    "columns": names("The fields that a list shows beside the one that names a record, in their order."),
    "form": names("The fields that a form shows first, in their order."),
    "filters": names("The fields by which people filter the list first."),
    "fields": [
        "type": "array", "items": .reference("ResourceField"),
        "description": "Its fields, in the order of the declaration.",
    ],
    "operations": [
        "type": "object", "additionalProperties": ["type": ["string", "null"]],
        "description":
            "The permission that each of its operations needs (list, get, create, update, delete, import, export); null: none. An operation that is missing does not exist.",
    ],
    "actions": [
        "type": "array", "items": .reference("ResourceAction"),
        "description": "The actions on a record, or on many at once, beyond its operations.",
    ],
])

private let fieldSchema: JSON = .schema(
    [
        "name": text("The name in bodies and answers."),
        "schema": ["type": "object", "description": "The JSON Schema of its values."],
        "required": flag("Whether a new record needs it."), "read_only": flag("Whether only Bureau sets it."),
        "write_once": flag("Whether it can be set on create alone."),
        "filterable": flag("Whether lists can be filtered by it."),
        "sortable": flag("Whether lists can be sorted by it."),
        "searchable": flag("Whether the list's search finds its words."),
        "personal": flag("Whether it is about a person: it is erased with them."),
        "label": text("The label for people, in English."),
        "help": text("The help for those who fill it in, in English."),
        "description": text("The description for programs."),
        "group": text("The heading that forms show it under, with others."),
        "choices": [
            "type": "array", "description": "The values of a choice.",
            "items": .record([
                "value": text("The value."), "label": text("The label for people, in English."),
            ]),
        ],
        "refers": text("The last part of the path of the records that it refers to."),
        "control": text("The control for its values: text, multiline, choice, money, reference and so on."),
        "advanced": flag("Whether forms show it only to those who look for more."),
        "example": ["description": "An example of its value."],
    ],
    required: [
        "name", "schema", "required", "read_only", "write_once", "filterable", "sortable", "searchable",
        "personal", "label", "control", "advanced",
    ])

private let actionSchema: JSON = .record([
    "name": text("The last part of its path."),
    "on": [
        "type": "string", "enum": ["record", "list"],
        "description": "Whether it is done with the record in its path, or with many.",
    ],
    "method": text("Its method."), "path": text("Its path."),
    "permission": ["type": ["string", "null"], "description": "The permission that it needs; null: none."],
    "label": text("The label for people, in English."), "about": text("The effect of the action."),
])
