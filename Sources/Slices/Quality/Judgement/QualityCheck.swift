internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Checks some records of one resource, and stores what is new.
struct QualityCheck {
    /// Changes that are stored in one transaction, so that no other write waits long.
    private static let atOnce = 20
    /// Parts on their way to the writer, while the next records are read and judged.
    private static let partsMax = 16
    private let book: RuleBook
    private let job: JobContext
    private let dependencies: QualityDependencies
    private var memory = JudgeMemory()
    private var parts: [SubmittedWrite<Void>] = []
    private(set) var found = 0, resolved = 0

    init(_ book: RuleBook, _ job: JobContext, _ dependencies: QualityDependencies) {
        (self.book, self.job, self.dependencies) = (book, job, dependencies)
    }

    /// Checks records by their ids, and those whose issues have to do with them.
    mutating func check(_ ids: [String]) async throws {
        let (records, gone) = try job.read { reader in
            let others = try reader.quality.dependents(of: ids).filter { $0.type == book.records.noun }
                .map(\.id)
            let first = Set(ids).union(others)
            var records = try book.records.scan(.ids(first.sorted()), book.fields, reader)
            // An older record may have got what a newer one has: the newer one is the double.
            let doubles = try book.doubles(of: records, in: reader).subtracting(first)
            if !doubles.isEmpty {
                records += try book.records.scan(.ids(doubles.sorted()), book.fields, reader)
            }
            return (records, first.subtracting(records.map(\.id)).sorted())
        }
        submit(try update(records, nil))
        if !gone.isEmpty { parts.append(job.submit { try $0.quality.forget(gone) }) }
        try await finish()
    }

    /// Checks the records behind an id; answers the last one's, and how many there were. What is new is on its way to
    /// the writer, and stored once `finish` returns; `reached` is stored behind it.
    mutating func check(
        after id: String, limit: Int, _ facts: ScanFacts,
        reached: (String) -> @Sendable (Transaction) throws -> Void
    ) async throws -> (last: String?, count: Int) {
        let records = try job.read { try book.records.scan(.after(id, limit: limit), book.fields, $0) }
        submit(try update(records, facts))
        if let last = records.last?.id { parts.append(job.submit(.batch, reached(last))) }
        while parts.count > Self.partsMax { try await parts.removeFirst().value() }
        return (records.last?.id, records.count)
    }

    /// Waits until everything is stored.
    mutating func finish() async throws {
        while !parts.isEmpty { try await parts.removeFirst().value() }
    }

    private mutating func update(_ records: [RecordValues], _ known: ScanFacts?) throws -> QualityUpdate {
        var memory = memory
        defer { self.memory = memory }
        return try job.read { reader in
            let facts = try RecordFacts(for: records, book, job.runtime.records, known, in: reader)
            let judged = records.map { book.judge($0, facts, &memory, at: job.now) }
            return try QualityUpdate(judged, book, in: reader)
        }
    }

    private mutating func submit(_ update: QualityUpdate) {
        for part in update.parts(of: Self.atOnce) {
            let (type, dependencies) = (update.type, dependencies)
            parts.append(job.submit { try $0.quality.store(part, of: type, dependencies) })
        }
        (found, resolved) = (found + update.found, resolved + update.resolved)
    }
}

/// The memory of what was found out about domains, which many records have in common.
struct JudgeMemory: Sendable {
    private static let domainsMax = 10_000
    private var meant: [String: String?] = [:], owners: [String: String?] = [:]

    /// The domain that was probably meant; `nil`: this one.
    mutating func meantDomain(of address: EmailAddress) -> String? {
        if let known = meant[address.domain] { return known }
        if meant.count >= Self.domainsMax { meant = [:] }
        let found = address.suggestion?.domain
        meant[address.domain] = .some(found)
        return found
    }

    /// The domain that a registry has given to somebody, of which this one is a part.
    mutating func registrable(_ domain: String) -> String? {
        if let known = owners[domain] { return known }
        if owners.count >= Self.domainsMax { owners = [:] }
        let found = WebAddress.registrableDomain(of: domain)
        owners[domain] = .some(found)
        return found
    }
}
