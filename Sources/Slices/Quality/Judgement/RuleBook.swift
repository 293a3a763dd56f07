internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records

/// The rules of one resource that are in force, and the fields that they read.
struct RuleBook: Sendable {
    let records: ToolRecords
    let fields: [String]
    let rules: [CompiledRule]
    /// The place of the status by which archived records are told; `nil`: the resource has none.
    private let status: Int?

    /// The weight of all rules together.
    let weight: Int

    func has(_ rule: ID<QualityRule>) -> Bool { rules.contains { $0.id == rule } }

    init?(_ all: [QualityRule], of table: String, _ registry: RecordRegistry) {
        guard let records = registry.records(in: table) else { return nil }
        var fields: [String] = [], rules: [CompiledRule] = []
        func place(_ name: String) -> Int {
            if let known = fields.firstIndex(of: name) { return known }
            fields.append(name)
            return fields.count - 1
        }
        for rule in all where rule.resourceName == table && rule.isEnabled {
            var faults = Faults()
            // A field that a release has taken away leaves a rule that checks nothing.
            guard let test = RuleTest(rule, registry, &faults) else { continue }
            rules.append(
                CompiledRule(
                    id: rule.id, name: rule.name, field: rule.field, kind: rule.kind,
                    severity: rule.severity, weight: rule.weight, isAutomatic: rule.isAutomatic,
                    pauses: rule.uses, test: test,
                    place: place(rule.field), others: test.others.map(place)))
        }
        guard !rules.isEmpty else { return nil }
        let hasArchive = records.fields.contains { field in
            guard field.name == "status", case .choice(let choices) = field.kind else { return false }
            return choices.contains("archived")
        }
        status = hasArchive ? place("status") : nil
        (self.records, self.fields, self.rules) = (records, fields, rules)
        weight = rules.reduce(0) { $0 + $1.weight }
    }

    /// The condition on rows that are judged, beside the tenant's.
    var judgedOnly: SQL { status == nil ? "" : " AND status <> 'archived'" }

    func isArchived(_ record: RecordValues) -> Bool {
        status.map { record.values[$0].text == "archived" } ?? false
    }

    /// The books of all resources that have rules, in the order of their tables.
    static func all(_ registry: RecordRegistry, in reader: some Queryable) throws -> [RuleBook] {
        let rules = try QualityRule.resource.all(
            where: "enabled = 1", suffix: "ORDER BY id LIMIT 1000", in: reader)
        return Set(rules.map(\.resourceName)).sorted().compactMap { RuleBook(rules, of: $0, registry) }
    }
}
