package import JSON
internal import Nouns
package import Records

extension Routes {
    /// Declares a type of event, and the members of its data besides the record, by name. A name that ends with `?`
    /// may be missing.
    package mutating func event(
        _ name: String, _ summary: String, about: String? = nil, isPassing: Bool = false,
        _ facts: @autoclosure @escaping @Sendable () -> JSONObject = [:]
    ) {
        precondition(events[name] == nil, "the event \(name) is declared twice")
        events[name] = EventDoc(
            name: name, summary: summary, about: about ?? String(name.prefix { $0 != "." }),
            isPassing: isPassing, facts: facts)
    }

    /// Declares several types of events with the same data.
    package mutating func events(
        _ noun: String, _ turns: KeyValuePairs<String, String>, about: String? = nil,
        _ facts: @autoclosure @escaping @Sendable () -> JSONObject = [:]
    ) {
        for (turn, summary) in turns { event("\(noun).\(turn)", summary, about: about, facts()) }
    }

    /// Makes events about a record include it, for those who may read it.
    package mutating func shows<R: Record>(_ resource: Resource<R>, read: Permission) {
        shownRecords[R.noun] = ShownRecord(resource, read: read)
        if let kind = SearchedKind(resource, read: read), !searched.contains(where: { $0.kind == kind.kind })
        {
            searched.append(kind)
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
