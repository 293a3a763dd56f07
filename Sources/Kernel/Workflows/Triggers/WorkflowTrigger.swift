internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// The events by which runs of an agency's workflow begin, as its definition has them.
struct WorkflowTrigger: Sendable {
    /// The parts of an event that conditions and places may begin with.
    static let parts = ["type", "subject", "data", "record"]
    static let eventsMax = 50

    let events: EventTypes
    let when: GraphCondition?
    /// The fields of the state that the event fills, each with its place in the event.
    let state: [(field: String, place: String)]
    /// Whether its condition or its state has to do with the event's record.
    let asksForRecord: Bool

    func fits(_ event: JSONObject) -> Bool { when?.holds(in: event) ?? true }

    /// Returns the state that an event gives a run.
    func state(from event: JSONObject) -> JSONObject {
        var given = JSONObject()
        for (field, place) in state {
            let value = event.value(at: place)
            if !value.isNull { given[field] = value }
        }
        return given
    }
}

extension GraphReader {
    /// Reads the trigger of the definition that was read before; `nil` where it has none. `fault` says what is wrong
    /// with a type of events.
    mutating func read(trigger json: JSON, fault: (String) -> String?) -> WorkflowTrigger? {
        guard !json.isNull, let trigger = object(json, "/trigger", ["events", "when", "state"]) else {
            return nil
        }
        let events = readEvents(trigger["events"], fault)
        let (when, state) = (trigger["when"] ?? .null, trigger["state"] ?? .null)
        let condition = when.isNull ? nil : readEventCondition(when)
        let places = readPlaces(state)
        for field in schema.fields
        where field.isRequired && (field.standard ?? .null).isNull
            && !places.contains(where: { $0.field == field.name })
        {
            faults.add(
                "/trigger/state/\(field.name.pointerToken)", "required",
                "\(field.name) is required at the start: name its place in the event, such as subject.id.")
        }
        guard let events else { return nil }
        return WorkflowTrigger(
            events: events, when: condition ?? (when.isNull ? nil : .any([])), state: places,
            asksForRecord: places.contains { $0.place.hasPrefix("record") }
                || condition?.asksForRecord == true)
    }

    private mutating func readEvents(_ json: JSON?, _ fault: (String) -> String?) -> EventTypes? {
        let place = "/trigger/events", names = (json?.array ?? []).compactMap(\.text)
        guard let listed = json?.array, !names.isEmpty, names.count == listed.count,
            names.count <= WorkflowTrigger.eventsMax, !names.contains("*")
        else {
            faults.add(
                place, json == nil ? "required" : "invalid_event_type",
                "events must name from 1 to 50 types, such as lead.created or lead.*.")
            return nil
        }
        for (index, name) in names.enumerated() {
            if let fault = fault(name) { faults.add("\(place)/\(index)", "invalid_event_type", fault) }
        }
        return try? EventTypes(names)
    }

    private mutating func readEventCondition(_ json: JSON) -> GraphCondition? {
        let fields = schema
        schema = .event
        defer { schema = fields }
        return readCondition(json, "/trigger/when")
    }

    /// `{state field: place in the event}`
    private mutating func readPlaces(_ json: JSON) -> [(field: String, place: String)] {
        guard !json.isNull else { return [] }
        guard let object = json.object else {
            faults.add(
                "/trigger/state", "wrong_type",
                "state must be an object that maps fields of the state to places of the event.")
            return []
        }
        var places: [(field: String, place: String)] = []
        for (field, source) in object.members {
            let pointer = "/trigger/state/\(field.pointerToken)"
            if schema[field] == nil {
                faults.add(
                    pointer, "unknown_state_field",
                    "The workflow's state has no field \(field.prefix(64)): declare it, or name another."
                )
            }
            guard let place = text(source, pointer, isRequired: true) else { continue }
            let part = place.prefix { $0 != "." }
            if !WorkflowTrigger.parts.contains(String(part)) {
                faults.add(
                    pointer, "unknown_field",
                    "An event has no field \(part.prefix(64)): use type, subject, data or record.")
            }
            places.append((field, place))
        }
        return places
    }
}

extension GraphCondition {
    fileprivate var asksForRecord: Bool {
        switch self {
        case .compare(let field, _, _): field == "record" || field.hasPrefix("record.")
        case .all(let parts), .any(let parts): parts.contains(where: \.asksForRecord)
        case .not(let part): part.asksForRecord
        }
    }
}
