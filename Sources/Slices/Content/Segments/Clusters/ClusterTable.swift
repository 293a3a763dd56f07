internal import Agents
internal import JSON
internal import People
internal import Records

/// Something that records may have in common: a value of a field, or a range of a number.
struct ClusterTrait: Hashable, Sendable {
    let field: String
    /// As people read it.
    let label: String
    /// The conditions of a segment's filter that find the records.
    let conditions: [JSON]

    init(_ field: String, equal value: JSON) {
        self.field = field
        label = value.text ?? value.serialized
        conditions = [["field": .string(field), "op": "eq", "value": value]]
    }

    init(_ field: String, from low: Int64?, to high: Int64?) {
        self.field = field
        label = high.map { "\(low ?? 0)–\($0)" } ?? "\(low ?? 0)+"
        conditions = [("gte", low), ("lte", high)].compactMap { op, bound -> JSON? in
            guard let bound else { return nil }
            return ["field": .string(field), "op": .string(op), "value": .integer(bound)]
        }
    }
}

/// A field of the records that are looked at, each value as the place of a trait.
struct ClusterColumn: Sendable {
    let traits: [ClusterTrait]
    /// Of each record; -1: it has none of the traits.
    let values: [Int32]
}

/// Records as they are compared: only fields that many of them have, with few values.
struct ClusterTable: Sendable {
    /// The fields that tell kinds of firms and people apart; what has become of a record does not.
    static let fields = [
        "industry", "country", "employee_count", "technical_level", "tier", "locale", "source",
    ]
    /// A field with more values counts by the most frequent ones.
    private static let traitsMax = 20
    /// Fields that fewer records have say too little.
    private static let leastKnown = 0.5
    /// Sizes of firms, as the European Union counts them.
    private static let bands: [(Int64?, Int64?)] = [
        (nil, 9), (10, 49), (50, 249), (250, 999), (1000, nil),
    ]

    let columns: [ClusterColumn]
    let count: Int

    /// `custom`: the agency's own fields, whose values are in the last column of `records`.
    init(_ records: [RecordValues], fields: [String], custom: [CustomField]) {
        count = records.count
        let own = fields.enumerated().compactMap { place, name in
            Self.column(name, records.map { $0.values[place] })
        }
        let added = custom.filter { $0.type != .number }.sorted { $0.key < $1.key }.compactMap { field in
            Self.column("custom.\(field.key)", records.map { $0.values.last?[field.key] ?? .null })
        }
        columns = own + added
    }

    private static func column(_ name: String, _ values: [JSON]) -> ClusterColumn? {
        let traits = name == "employee_count" ? [:] : traits(name, values)
        let found = values.map { value -> ClusterTrait? in
            guard name == "employee_count" else { return traits[value.serialized] }
            guard let number = value.int else { return nil }
            let band = bands.first { ($0.0 ?? .min) <= number && number <= ($0.1 ?? .max) }
            return band.map { ClusterTrait(name, from: $0.0, to: $0.1) }
        }
        let counts = found.reduce(into: [ClusterTrait: Int]()) { counts, trait in
            if let trait { counts[trait, default: 0] += 1 }
        }
        let kept = counts.keys.sorted { ($0.label, $0.field) < ($1.label, $1.field) }
        let known = counts.values.reduce(0, +)
        guard kept.count > 1, Double(known) >= leastKnown * Double(values.count) else { return nil }
        let places = Dictionary(
            uniqueKeysWithValues: kept.enumerated().map { ($0.element, Int32($0.offset)) })
        return ClusterColumn(traits: kept, values: found.map { $0.flatMap { places[$0] } ?? -1 })
    }

    /// The most frequent values that are no longer than a name.
    private static func traits(_ name: String, _ values: [JSON]) -> [String: ClusterTrait] {
        var counts: [String: (count: Int, value: JSON)] = [:]
        for value in values where !value.isNull && value.serialized.utf8.count <= 120 {
            guard value.text.map({ !$0.isEmpty }) ?? (value.flag != nil) else { continue }
            counts[value.serialized, default: (0, value)].count += 1
        }
        let frequent = counts.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        // Where nearly each record has a value of its own, the field is a name, and groups nobody.
        guard frequent.count <= max(Self.traitsMax, values.count / 4) else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: frequent.prefix(traitsMax).map { key, found in
                (key, ClusterTrait(name, equal: found.value))
            })
    }

    /// Returns whether a record has a trait.
    func has(_ record: Int, _ column: Int, _ trait: Int) -> Bool {
        columns[column].values[record] == Int32(trait)
    }

    /// Returns how many of some records have each trait of a column.
    func counts(of column: Int, among records: some Sequence<Int>) -> [Int] {
        var counts = Array(repeating: 0, count: columns[column].traits.count)
        for record in records {
            let trait = columns[column].values[record]
            if trait >= 0 { counts[Int(trait)] += 1 }
        }
        return counts
    }
}
