package import Database
package import JSON
import Nouns

/// Describes a type of event to people and programs: what it means, and the shape of its data.
package struct EventDoc: Sendable {
    /// The name, made of the subject and of what happened: `lead.created`.
    package let name: String
    /// The meaning of the event, in a sentence.
    package let summary: String
    /// The kind of the event's subject: `lead`.
    package let about: String
    /// Whether the event is sent to those who follow at that moment, and stored nowhere.
    package let isPassing: Bool
    /// The members of the event's data, without the record.
    private let facts: Deferred<JSONObject>

    package init(
        name: String, summary: String, about: String, isPassing: Bool,
        facts: @escaping @Sendable () -> JSONObject
    ) {
        (self.name, self.summary, self.about) = (name, summary, about)
        (self.isPassing, self.facts) = (isPassing, Deferred(facts))
    }

    /// Returns the schema of `data`. `record` is the name of the subject's schema, where the API serves such subjects;
    /// sample events are marked `test`.
    package func schema(record: String?) -> JSON {
        var properties = JSONObject(), required: [String] = []
        if let record, !isPassing {
            properties["record"] = [
                "description":
                    "The event's subject, as the API shows it now; null where it was deleted or may not be read.",
                "anyOf": [.reference(record), ["type": "null"]],
            ]
            required.append("record")
        }
        for (name, schema) in facts.value.members {
            let isOptional = name.hasSuffix("?")
            let name = isOptional ? String(name.dropLast()) : name
            properties[name] = schema
            if !isOptional { required.append(name) }
        }
        properties["test"] = [
            "type": "boolean", "description": "Whether the event is a sample for trying out a receiver.",
        ]
        var schema = JSON.schema(properties, required: required).object ?? [:]
        schema["additionalProperties"] = false
        return .object(schema)
    }
}

/// Shows the records of one resource in events.
package struct ShownRecord: Sendable {
    /// The name of the records' schema.
    package let schema: String
    package let read: Permission
    /// Returns those of the records that exist, by id.
    package let find: @Sendable (any Queryable, [String]) throws -> [String: JSON]

    package init<R: Record>(_ resource: Resource<R>, read: Permission) {
        (schema, self.read) = (resource.schema.name, read)
        find = { reader, ids in
            try resource.values(of: ids, in: reader) { resource.schema.json($0) }
        }
    }
}
