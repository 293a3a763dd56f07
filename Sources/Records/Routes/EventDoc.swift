package import Database
package import JSON

/// A type of event, as people and programs read of it before they follow it: what it says, and the shape of its data.
package struct EventDoc: Sendable {
    /// What it is about, and what has happened: `lead.created`.
    package let name: String
    /// A sentence.
    package let summary: String
    /// The kind of its subject: `lead`.
    package let about: String
    /// Whether it is shown to those who follow at that moment, and kept nowhere.
    package let isPassing: Bool
    /// The schema of its data without the record.
    fileprivate let facts: JSONObject

    /// The schema of `data`. `record` is there for subjects that the API serves; events of a sample are marked `test`.
    package func schema(record: String?) -> JSON {
        var properties = JSONObject(), required: [String] = []
        if let record, !isPassing {
            properties["record"] = [
                "description":
                    "What it is about, as the API shows it now; null when it is gone or may not be read.",
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
        properties["test"] = ["type": "boolean", "description": "Made to try out a receiver."]
        var schema = JSON.schema(properties, required: required).object ?? [:]
        schema["additionalProperties"] = false
        return .object(schema)
    }
}

/// How the records of one resource are shown in events.
package struct ShownRecord: Sendable {
    /// The name of their schema.
    package let schema: String
    package let read: Permission
    /// The records of these ids that exist, by id.
    package let find: @Sendable (any Queryable, [String]) throws -> [String: JSON]
}

extension Routes {
    /// Makes a type of event known, with what its data says beside the record: schemas by name. A name that ends with
    /// `?` may be missing.
    package mutating func event(
        _ name: String, _ summary: String, about: String? = nil, isPassing: Bool = false,
        _ facts: JSONObject = [:]
    ) {
        precondition(events[name] == nil, "the event \(name) is declared twice")
        events[name] = EventDoc(
            name: name, summary: summary, about: about ?? String(name.prefix { $0 != "." }),
            isPassing: isPassing, facts: facts)
    }

    /// The same for several that say the same.
    package mutating func events(
        _ noun: String, _ turns: KeyValuePairs<String, String>, about: String? = nil,
        _ facts: JSONObject = [:]
    ) {
        for (turn, summary) in turns { event("\(noun).\(turn)", summary, about: about, facts) }
    }

    /// Lets events about a record show it, to those who may read it.
    package mutating func shows<R: Record>(_ resource: Resource<R>, read: Permission) {
        shownRecords[R.noun] = ShownRecord(schema: resource.schema.name, read: read) { reader, ids in
            let records = try resource.all(where: "id IN \(list: ids)", in: reader)
            return Dictionary(records.map { ($0.id.text, resource.schema.json($0)) }) { first, _ in first }
        }
    }

    /// The types of events with the schemas of their data, in the order of their names.
    package var describedEvents: [(doc: EventDoc, data: JSON)] {
        events.values.sorted { $0.name < $1.name }.map {
            ($0, $0.schema(record: shownRecords[$0.about]?.schema))
        }
    }

    /// What OpenAPI says of webhooks: each event as it is delivered.
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
                        "responses": ["2XX": ["description": "It was received."]],
                    ]
                ]
            )
        }
        return .object(JSONObject(items))
    }
}
