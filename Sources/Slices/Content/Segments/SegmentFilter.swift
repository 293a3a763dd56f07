internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import People
internal import Records
internal import Telemetry

/// The filter that finds the members of a segment: conditions on fields, on fields of the agency's own, and on what the
/// person did, joined by all, any and not.
indirect enum SegmentFilter: Sendable {
    case all([SegmentFilter])
    case any([SegmentFilter])
    case not(SegmentFilter)
    case field(FieldCondition)
    case did(ActivityCondition)

    /// The depth to which conditions may be nested, and the most that there may be.
    static let depthMax = 20, conditionsMax = 200

    static let example: JSON = ["field": "industry", "op": "eq", "value": "retail"]
    static let schema: JSON = [
        "type": ["object", "null"],
        "description": .string(
            """
            {"all": […]}, {"any": […]} or {"not": …} of filters; {"field", "op", "value"} with a field of the records \
            or custom.<key>; or {"did", "within", "at_least"}. {"all": []} is everybody.
            """),
    ]

    /// Reads a filter and adds what is wrong with it to `faults`, at its place below `/filter`; `nil` then.
    init?(
        _ json: JSON, of kind: Segment.Kind, _ registry: RecordRegistry, in reader: some Queryable,
        _ faults: inout Faults
    ) throws {
        guard let records = registry.records(in: kind.rawValue) else {
            faults.add(
                "/of", "invalid_choice",
                "This installation has no \(kind.rawValue): choose another kind of records.")
            return nil
        }
        var fields = Dictionary(
            records.fields.map { ($0.name, FieldCondition.Place.field($0.name, $0.kind)) },
            uniquingKeysWith: { first, _ in first })
        fields["custom"] = nil
        if let target = CustomField.Target(rawValue: kind.noun) {
            for (key, field) in try reader.customFields.all(of: target) {
                fields["custom.\(key)"] = .custom(field)
            }
        }
        var reading = FilterReading(fields: fields, noun: kind.rawValue, faults: faults)
        let filter = reading.filter(json, at: "/filter", depth: 1)
        let isWhole = reading.faults.list.count == faults.list.count
        faults = reading.faults
        guard isWhole, let filter else { return nil }
        self = filter
    }

    /// Reads a filter as it was stored; `nil` where a field that it names is no longer there.
    init?(
        stored json: JSON, of kind: Segment.Kind, _ registry: RecordRegistry, in reader: some Queryable
    ) throws {
        var faults = Faults()
        try self.init(json, of: kind, registry, in: reader, &faults)
    }

    /// The conditions on what people did, whose outcome changes by time alone.
    var passing: [ActivityCondition] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.passing)
        case .not(let part): part.passing
        case .field: []
        case .did(let condition): condition.within == nil ? [] : [condition]
        }
    }

    /// Whether it asks in what state records are.
    var asksStatus: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.asksStatus)
        case .not(let part): part.asksStatus
        case .field(let condition): condition.place.isStatus
        case .did: false
        }
    }

    /// Whether it asks what people did.
    var asksActivity: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.asksActivity)
        case .not(let part): part.asksActivity
        case .field: false
        case .did: true
        }
    }
}

/// The reading of a filter, with what is wrong with it.
private struct FilterReading {
    let fields: [String: FieldCondition.Place]
    let noun: String
    var faults: Faults
    private var conditions = 0

    init(fields: [String: FieldCondition.Place], noun: String, faults: Faults) {
        (self.fields, self.noun, self.faults) = (fields, noun, faults)
    }

    mutating func filter(_ json: JSON, at place: String, depth: Int) -> SegmentFilter? {
        guard !json.isNull else {
            faults.add(place, "required", "\(place.pointedMember) is required: {\"all\": []} is everybody.")
            return nil
        }
        guard let object = json.object else {
            faults.add(place, "wrong_type", "\(place.pointedMember) must be an object.")
            return nil
        }
        guard depth <= SegmentFilter.depthMax else {
            faults.add(
                place, "out_of_range", "Filters may be nested at most \(SegmentFilter.depthMax) deep.")
            return nil
        }
        conditions += 1
        guard conditions <= SegmentFilter.conditionsMax else {
            if conditions == SegmentFilter.conditionsMax + 1 {
                faults.add(
                    place, "too_many",
                    "A filter may have at most \(SegmentFilter.conditionsMax) conditions.")
            }
            return nil
        }
        let names = ["all", "any", "not", "field", "did"]
        guard let name = names.first(where: { object[$0] != nil }) else {
            faults.add(
                place, "required",
                "\(place.pointedMember) must have one of \(names.joined(separator: ", ")).", choices: names)
            return nil
        }
        let value = object[name] ?? .null
        switch name {
        case "all", "any":
            allow([name], in: object, at: place)
            guard let items = value.array else {
                faults.add("\(place)/\(name)", "wrong_type", "\(name) must be a list of filters.")
                return nil
            }
            let parts = items.enumerated().compactMap { index, item in
                filter(item, at: "\(place)/\(name)/\(index)", depth: depth + 1)
            }
            return name == "all" ? .all(parts) : .any(parts)
        case "not":
            allow([name], in: object, at: place)
            return filter(value, at: "\(place)/not", depth: depth + 1).map(SegmentFilter.not)
        case "field":
            allow(["field", "op", "value"], in: object, at: place)
            return field(object, at: place).map(SegmentFilter.field)
        default:
            allow(["did", "within", "at_least"], in: object, at: place)
            return activity(object, at: place).map(SegmentFilter.did)
        }
    }

    private mutating func allow(_ names: [String], in object: JSONObject, at place: String) {
        for name in object.keys where !names.contains(name) {
            faults.add(
                "\(place)/\(name.pointerToken)", "unknown_field",
                "A condition with \(names[0]) has no \(name.prefix(64)): remove it.")
        }
    }

    private mutating func field(_ object: JSONObject, at place: String) -> FieldCondition? {
        guard let name = object["field"]?.text else {
            faults.add("\(place)/field", "wrong_type", "field must be the name of a field.")
            return nil
        }
        guard let found = fields[name], case let operators = found.operators, !operators.isEmpty else {
            faults.add(
                "\(place)/field", "unknown_field",
                "\(noun) have no field \(name.prefix(64)) to ask for; fields of your own are custom.<key>.")
            return nil
        }
        let asked = FieldComparison(object, of: name, operators, at: place, &faults) {
            found.checked($0, $1, at: $2, &$3)
        }
        return asked.map { FieldCondition(place: found, op: $0.op, values: $0.values) }
    }

    private mutating func activity(_ object: JSONObject, at place: String) -> ActivityCondition? {
        let words = ActivityCondition.Kind.allCases.map(\.rawValue)
        guard let kind = object["did"]?.text.flatMap(ActivityCondition.Kind.init(rawValue:)) else {
            faults.add(
                "\(place)/did", "invalid_choice", "did must be one of \(words.joined(separator: ", ")).",
                choices: words)
            return nil
        }
        var within: Duration?, least = 1
        if let given = object["within"], !given.isNull {
            within = given.text.flatMap { Duration(iso8601: $0) }
            if within == nil || within == .zero {
                faults.add(
                    "\(place)/within", "invalid_duration",
                    "within must be a duration of at most 10,000 days, such as P30D.")
                return nil
            }
        }
        if let given = object["at_least"], !given.isNull {
            guard let number = given.int else {
                faults.add("\(place)/at_least", "wrong_type", "at_least must be a whole number.")
                return nil
            }
            guard (1...1000).contains(number) else {
                faults.add("\(place)/at_least", "out_of_range", "at_least must be from 1 to 1000.")
                return nil
            }
            least = Int(number)
        }
        return ActivityCondition(kind: kind, within: within, least: least)
    }
}
