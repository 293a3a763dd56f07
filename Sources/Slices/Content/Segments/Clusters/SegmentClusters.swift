internal import Agents
internal import Database
internal import JSON
internal import People
internal import Records

/// Groups that an agency's records fall into, each with a filter that finds it.
struct SegmentClusters: Sendable {
    /// Fewer records show no groups.
    static let recordsMin = 50
    /// More records are not looked at: the newest are.
    static let sampleMax = 5000
    /// Where an agency has more records than this, the members of a group are counted among those looked at.
    static let countedMax = 50_000
    static let counts: ClosedRange<Int64> = 2...8
    private static let conditionsMax = 4, featuresMax = 6
    /// The least share of a group that a feature is told of, and how far it is beyond all records'.
    private static let leastShare = 0.5, leastLift = 0.05
    /// Smaller groups are nobody's audience.
    private static let leastMembers = 0.02

    /// A group: the records that its filter finds.
    struct Group: Sendable {
        var traits: [(column: Int, trait: Int)]
        var members: [Int]
    }

    let table: ClusterTable
    let groups: [Group]

    init(_ table: ClusterTable, count: Int?) {
        self.table = table
        guard !table.columns.isEmpty else {
            groups = []
            return
        }
        let modes =
            count.map { ClusterModes(table, count: $0) } ?? ClusterModes.best(table, in: 2...6)
        var found: [Group] = []
        for number in 0..<((modes.groups.max() ?? -1) + 1) {
            let members = modes.groups.indices.filter { modes.groups[$0] == number }
            guard let group = Self.group(like: members, in: table),
                Double(group.members.count) >= Self.leastMembers * Double(table.count),
                !found.contains(where: { $0.members == group.members })
            else { continue }
            found.append(group)
        }
        groups = found.sorted { one, other in
            one.members.count == other.members.count
                ? one.members.lexicographicallyPrecedes(other.members)
                : one.members.count > other.members.count
        }
    }

    /// Returns the records that few conditions find, as near to some records as such conditions come; `nil` where none
    /// sets them apart.
    private static func group(like wanted: [Int], in table: ClusterTable) -> Group? {
        guard !wanted.isEmpty else { return nil }
        let wantedSet = Set(wanted)
        var group = Group(traits: [], members: Array(0..<table.count))
        var score = Self.score(group.members, wantedSet)
        while group.traits.count < conditionsMax {
            var best: (group: Group, score: Double)?
            for column in table.columns.indices where !group.traits.contains(where: { $0.column == column }) {
                for trait in table.columns[column].traits.indices {
                    let members = group.members.filter { table.has($0, column, trait) }
                    let own = Self.score(members, wantedSet)
                    guard own > (best?.score ?? score) + 0.001 else { continue }
                    best = (Group(traits: group.traits + [(column, trait)], members: members), own)
                }
            }
            guard let best else { break }
            (group, score) = (best.group, best.score)
        }
        return group.traits.isEmpty ? nil : group
    }

    /// Returns the nearness of found records to wanted ones: 1 where they are the same (F1).
    private static func score(_ found: [Int], _ wanted: Set<Int>) -> Double {
        let both = found.count { wanted.contains($0) }
        return found.isEmpty ? 0 : 2 * Double(both) / Double(found.count + wanted.count)
    }

    /// A trait that a group has more often than all records.
    struct Feature: Sendable {
        let trait: ClusterTrait
        let share: Double, shareOfAll: Double
    }

    func features(of group: Group) -> [Feature] {
        var features: [Feature] = []
        for column in table.columns.indices {
            let own = table.counts(of: column, among: group.members)
            let all = table.counts(of: column, among: 0..<table.count)
            for trait in own.indices {
                let share = Double(own[trait]) / Double(max(1, group.members.count))
                let shareOfAll = Double(all[trait]) / Double(max(1, table.count))
                guard share >= Self.leastShare, share >= shareOfAll + Self.leastLift else { continue }
                features.append(
                    Feature(
                        trait: table.columns[column].traits[trait], share: share, shareOfAll: shareOfAll))
            }
        }
        let sorted = features.enumerated().sorted { one, other in
            let lifts = (
                one.element.share - one.element.shareOfAll, other.element.share - other.element.shareOfAll
            )
            return lifts.0 == lifts.1 ? one.offset < other.offset : lifts.0 > lifts.1
        }
        return sorted.prefix(Self.featuresMax).map(\.element)
    }

    /// The filter that finds a group among those that another filter finds.
    func filter(of group: Group, among base: JSON) -> JSON {
        let conditions = group.traits.flatMap { table.columns[$0.column].traits[$0.trait].conditions }
        let isOpen = base.isNull || base == ["all": []]
        let parts = (isOpen ? [] : [base]) + conditions
        return parts.count == 1 ? parts[0] : ["all": .array(parts)]
    }

    /// The group in a few words.
    func name(of group: Group) -> String {
        let labels = group.traits.map { table.columns[$0.column].traits[$0.trait].label }
        let more = features(of: group).map(\.trait.label).filter { !labels.contains($0) }
        return (labels + more).prefix(3).joined(separator: ", ")
    }
}

extension SegmentStore {
    /// Looks for groups among the records that a filter finds.
    func clusters(
        among filter: SegmentFilter, as base: JSON, of kind: Segment.Kind, count: Int?,
        _ registry: RecordRegistry
    ) throws -> JSON {
        guard let records = registry.records(in: kind.rawValue) else { throw Problem(.notFound) }
        let ids = try newest(filter, of: kind, registry, limit: SegmentClusters.sampleMax)
        guard ids.count >= SegmentClusters.recordsMin else {
            return [
                "enough": false, "sample": JSON(ids.count), "estimated": false, "clusters": [],
                "reason": .string(
                    "Groups show from \(SegmentClusters.recordsMin) records on, and there are \(ids.count)."),
            ]
        }
        let known = Set(records.fields.map(\.name))
        let fields = ClusterTable.fields.filter(known.contains)
        let custom =
            try CustomField.Target(rawValue: kind.noun)
            .map { Array(try tx.customFields.all(of: $0).values) } ?? []
        let values = try records.scan(.ids(ids.sorted()), fields + ["custom"], tx)
        let table = ClusterTable(values, fields: fields, custom: known.contains("custom") ? custom : [])
        let clusters = SegmentClusters(table, count: count)
        let isCounted = try hasFewer(than: SegmentClusters.countedMax, of: kind)
        let told = try clusters.groups.compactMap { group -> JSON? in
            let found = clusters.filter(of: group, among: base), features = clusters.features(of: group)
            guard !features.isEmpty,
                let own = try SegmentFilter(stored: found, of: kind, registry, in: tx)
            else { return nil }
            let count =
                isCounted ? try preview(own, of: kind, registry, limit: 0).count : Int64(group.members.count)
            return [
                "name": .string(clusters.name(of: group)), "filter": found, "count": .integer(count),
                "features": .array(features.map(\.json)),
            ]
        }
        let reason = told.isEmpty ? "The records have too little in common to show groups." : nil
        return [
            "enough": true, "reason": JSON(reason), "sample": JSON(table.count),
            "estimated": .bool(!isCounted), "clusters": .array(told),
        ]
    }

    /// Returns whether there are fewer records than a number: as many entries of an index are looked at, and
    /// no more.
    private func hasFewer(than count: Int, of kind: Segment.Kind) throws -> Bool {
        let found = try tx.int(
            """
            SELECT count(*) FROM (
                SELECT id FROM \(trusted: kind.rawValue) WHERE tenant_id = \(tx.tenant) LIMIT \(count)) AS found
            """)
        return (found ?? 0) < count
    }
}

extension SegmentClusters.Feature {
    var json: JSON {
        [
            "field": .string(trait.field), "value": .string(trait.label), "share": .number(share),
            "share_of_all": .number(shareOfAll),
        ]
    }
}
