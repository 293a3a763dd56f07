package import Database
package import JSON

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
    fileprivate let facts: JSONObject

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
        for (name, schema) in facts.members {
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
}

extension Routes {
    /// Declares a type of event, and the members of its data besides the record, by name. A name that ends with `?`
    /// may be missing.
    package mutating func event(
        _ name: String, _ summary: String, about: String? = nil, isPassing: Bool = false,
        _ facts: JSONObject = [:]
    ) {
        precondition(events[name] == nil, "the event \(name) is declared twice")
        events[name] = EventDoc(
            name: name, summary: summary, about: about ?? String(name.prefix { $0 != "." }),
            isPassing: isPassing, facts: facts)
    }

    /// Declares several types of events with the same data.
    package mutating func events(
        _ noun: String, _ turns: KeyValuePairs<String, String>, about: String? = nil,
        _ facts: JSONObject = [:]
    ) {
        for (turn, summary) in turns { event("\(noun).\(turn)", summary, about: about, facts) }
    }

    /// Makes events about a record include it, for those who may read it.
    package mutating func shows<R: Record>(_ resource: Resource<R>, read: Permission) {
        shownRecords[R.noun] = ShownRecord(schema: resource.schema.name, read: read) { reader, ids in
            let records = try resource.all(where: "id IN \(list: ids)", in: reader)
            return Dictionary(records.map { ($0.id.text, resource.schema.json($0)) }) { first, _ in first }
        }
    }

    /// The types of events in the order of their names, each with the schema of its data.
    package var describedEvents: [(doc: EventDoc, data: JSON)] {
        events.values.sorted { $0.name < $1.name }.map {
            ($0, $0.schema(record: shownRecords[$0.about]?.schema))
        }
    }

    /// The webhooks of the OpenAPI document: each event as it is delivered.
    var describedWebhooks: JSON {
        let items = describedEvents.filter { !$0.doc.isPassing }.map { event, data -> (String, JSON) in
            let subject: JSON = .schema(
                ["id": ["type": "string"], "object": ["const": .string(event.about)]],
                required: ["id", "object"])
            var facts = data.object ?? [:]
            facts["additionalProperties"] = nil
            let body = JSON.schema(
                [
                    "type": ["const": .string(event.name)],
                    "timestamp": ["type": "string", "format": "date-time"],
                    "data": ["allOf": [subject, .object(facts)]],
                ], required: ["type", "timestamp", "data"])
            return (
                event.name,
                [
                    "post": [
                        "summary": .string(event.summary),
                        "requestBody": [
                            "required": true, "content": ["application/json": ["schema": body]],
                        ],
                        "responses": ["2XX": ["description": "The receiver has taken the event."]],
                    ]
                ]
            )
        }
        return .object(JSONObject(items))
    }
}
