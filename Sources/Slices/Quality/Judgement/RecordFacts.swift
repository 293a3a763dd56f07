internal import Agents
internal import Database
internal import Glibc
internal import JSON
internal import Nouns
internal import Records
internal import Tenancy

/// The facts that judging records takes beside the records themselves: which of their values others have, too, which of
/// their references lead nowhere, and what numbers are usual.
struct RecordFacts: Sendable {
    /// For each rule, the first record with a value that several have.
    private var firsts: [ID<QualityRule>: [String: String]] = [:]
    private var missing: [ID<QualityRule>: Set<String>] = [:]
    private var usual: [ID<QualityRule>: UsualNumbers] = [:]
    private var refusing: Set<String> = []
    private var circles: [ID<QualityRule>: Set<String>] = [:]
    private var related: [ID<QualityRule>: [String: JSON]] = [:]
    /// The agency's.
    let currency: String

    /// Returns whether a domain is known to take no mail.
    func isRefusing(_ domain: String) -> Bool { refusing.contains(domain) }

    func firstOf(_ value: JSON, for rule: CompiledRule) -> String? {
        value.text.flatMap { firsts[rule.id]?[$0] }
    }

    func isMissing(_ value: JSON, for rule: CompiledRule) -> Bool {
        value.text.map { missing[rule.id]?.contains($0) ?? false } ?? false
    }

    /// Returns whether a record's reference leads back to it.
    func isInCircle(_ id: String, for rule: CompiledRule) -> Bool { circles[rule.id]?.contains(id) ?? false }

    /// Returns the value of the record that a reference names.
    func related(_ reference: JSON, for rule: CompiledRule) -> JSON {
        reference.text.flatMap { related[rule.id]?[$0] } ?? .null
    }

    func usual(for rule: CompiledRule) -> UsualNumbers? { usual[rule.id] }

    /// Looks up what some records need.
    init(
        for batch: [RecordValues], _ book: RuleBook, _ registry: RecordRegistry, _ known: ScanFacts?,
        in reader: some Queryable
    ) throws {
        currency = try reader.agency.tenant().currency
        for rule in book.rules {
            switch rule.test {
            case .unique:
                if let known {
                    firsts[rule.id] = known.firsts[rule.id]
                } else {
                    let values = Set(batch.compactMap { $0.values[rule.place].text })
                    firsts[rule.id] = try Self.firsts(rule, book, among: values, in: reader)
                }
            case .consistent(_, let comparand):
                guard let other = comparand.related, let place = rule.others.first,
                    let records = registry.records(in: other.table)
                else { continue }
                let ids = Set(batch.compactMap { $0.values[place].text })
                guard !ids.isEmpty else { continue }
                let values = try records.scan(.ids(ids.sorted()), [other.field], reader)
                related[rule.id] = Dictionary(
                    values.map { ($0.id, $0.values[0]) }, uniquingKeysWith: { first, _ in first })
            case .reference(let table, _, let isAcyclic):
                if isAcyclic { circles[rule.id] = try Self.circles(rule, table, batch, in: reader) }
                let ids = Set(batch.compactMap { $0.values[rule.place].text })
                guard !ids.isEmpty else { continue }
                let found = try reader.all(
                    "SELECT id FROM \(trusted: table) WHERE tenant_id = \(reader.tenant) AND id IN \(list: ids)"
                ) { $0.text(0) }
                missing[rule.id] = ids.subtracting(found)
            case .format(.mailHost):
                let domains = batch.compactMap { record in
                    record.values[rule.place].text?.split(separator: "@").last.map(String.init)
                }
                refusing.formUnion(try reader.quality.refusing(of: Set(domains)))
            case .anomaly:
                usual[rule.id] = try known?.usual[rule.id] ?? reader.quality.usualNumbers(of: rule.id)
            default: continue
            }
        }
    }

    /// References are followed so far; a longer chain is taken for none that leads back.
    private static var stepsMax: Int { 50 }

    /// Returns the records whose references lead back to them.
    private static func circles(
        _ rule: CompiledRule, _ table: String, _ batch: [RecordValues], in reader: some Queryable
    ) throws -> Set<String> {
        var found: Set<String> = []
        // Where each record has got to.
        var ahead = Dictionary(
            batch.compactMap { record in record.values[rule.place].text.map { (record.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        for _ in 0..<stepsMax where !ahead.isEmpty {
            for (start, place) in ahead where start == place {
                found.insert(start)
                ahead[start] = nil
            }
            let places = Set(ahead.values).sorted()
            guard !places.isEmpty else { break }
            let next = try reader.all(
                """
                SELECT id, \(trusted: rule.field) FROM \(trusted: table)
                WHERE tenant_id = \(reader.tenant) AND id IN \(list: places)
                    AND \(trusted: rule.field) IS NOT NULL
                """
            ) { ($0.text(0), $0.text(1)) }
            let steps = Dictionary(next, uniquingKeysWith: { first, _ in first })
            ahead = ahead.compactMapValues { steps[$0] }
        }
        return found
    }

    /// Returns the first record of each value that several have; `among`: only of these values.
    fileprivate static func firsts(
        _ rule: CompiledRule, _ book: RuleBook, among values: Set<String>?, in reader: some Queryable
    ) throws -> [String: String] {
        var condition: SQL = "\(trusted: rule.field) IS NOT NULL"
        if let values {
            guard !values.isEmpty else { return [:] }
            condition = "\(trusted: rule.field) IN \(list: values)"
        }
        var found: [String: String] = [:]
        try reader.each(
            """
            SELECT \(trusted: rule.field), min(id) FROM \(trusted: book.records.table)
            WHERE tenant_id = \(reader.tenant) AND \(condition)\(book.judgedOnly)
            GROUP BY \(trusted: rule.field) HAVING count(*) > 1
            """
        ) { row in found[row.text(0)] = row.text(1) }
        return found
    }
}

extension RuleBook {
    private static var doublesMax: Int { 1000 }

    /// Returns the newer records that have a value of these, where a rule wants it once.
    func doubles(of records: [RecordValues], in reader: some Queryable) throws -> Set<String> {
        var found: Set<String> = []
        let oldest = records.map(\.id).min() ?? ""
        for rule in rules {
            guard case .unique = rule.test else { continue }
            let values = Set(records.compactMap { $0.values[rule.place].text })
            guard !values.isEmpty else { continue }
            // In the order of the values, or SQLite would walk all newer records to find some in order.
            let ids = try reader.all(
                """
                SELECT id FROM \(trusted: self.records.table)
                WHERE tenant_id = \(reader.tenant) AND \(trusted: rule.field) IN \(list: values.sorted())\(judgedOnly)
                ORDER BY \(trusted: rule.field), id LIMIT \(Self.doublesMax)
                """
            ) { $0.text(0) }
            found.formUnion(ids.filter { $0 > oldest })
        }
        return found
    }
}

/// The facts that a full scan looks up once for all records of a resource.
struct ScanFacts: Sendable {
    fileprivate var firsts: [ID<QualityRule>: [String: String]] = [:]
    private(set) var usual: [ID<QualityRule>: UsualNumbers] = [:]

    init(_ book: RuleBook, in reader: some Queryable) throws {
        for rule in book.rules {
            switch rule.test {
            case .unique: firsts[rule.id] = try RecordFacts.firsts(rule, book, among: nil, in: reader)
            case .anomaly(_, let per):
                usual[rule.id] = try Self.usual(rule, per, book, in: reader)
            default: continue
            }
        }
    }

    private static func usual(
        _ rule: CompiledRule, _ per: Measure?, _ book: RuleBook, in reader: some Queryable
    ) throws -> UsualNumbers {
        var numbers = UsualNumbers()
        guard let per else {
            try reader.each(
                """
                SELECT \(trusted: rule.field) FROM \(trusted: book.records.table)
                WHERE tenant_id = \(reader.tenant) AND \(trusted: rule.field) IS NOT NULL\(book.judgedOnly)
                """
            ) { numbers.add($0.double(0)) }
            return numbers
        }
        let column = per.isMoney ? "\(per.field)_amount" : per.field
        var isOurs: SQL = ""
        if per.isMoney {
            let currency = try reader.agency.tenant().currency
            isOurs = " AND \(trusted: per.field)_currency = \(currency)"
        }
        try reader.each(
            """
            SELECT \(trusted: rule.field), \(trusted: column) FROM \(trusted: book.records.table)
            WHERE tenant_id = \(reader.tenant) AND \(trusted: rule.field) > 0
                AND \(trusted: column) IS NOT NULL\(isOurs)\(book.judgedOnly)
            """
        ) { numbers.add($0.double(1) / $0.double(0)) }
        return numbers
    }
}

/// The spread of the numbers that an agency's records have, by their magnitude: revenues differ by factors.
struct UsualNumbers: Sendable {
    /// Fewer say nothing.
    private static let countMin = 30.0
    private(set) var count = 0.0, sum = 0.0, squares = 0.0

    init() {}

    init?(_ json: JSON) {
        guard let count = json["count"]?.double, let sum = json["sum"]?.double,
            let squares = json["squares"]?.double
        else { return nil }
        (self.count, self.sum, self.squares) = (count, sum, squares)
    }

    var json: JSON { ["count": .number(count), "sum": .number(sum), "squares": .number(squares)] }

    mutating func add(_ number: Double) {
        let size = Self.size(of: number)
        (count, sum, squares) = (count + 1, sum + size, squares + size * size)
    }

    func isUnusual(_ number: Double, deviations: Double) -> Bool {
        guard count >= Self.countMin else { return false }
        let mean = sum / count
        let deviation = max(0.05, (max(0, squares / count - mean * mean)).squareRoot())
        return abs(Self.size(of: number) - mean) > deviations * deviation
    }

    /// The logarithm, for negative numbers the other way round.
    private static func size(of number: Double) -> Double {
        let size = log(1 + abs(number))
        return number < 0 ? -size : size
    }
}
