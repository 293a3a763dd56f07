internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Checks all records under all rules, a part at a time. After a crash it goes on where it was.
struct QualityScan {
    /// Records that are read and judged at once.
    private static let batch = 500
    /// The place of a resource that is scanned already.
    private static let done = "~"
    let run: AgentRun
    let dependencies: QualityDependencies

    struct Counts: Sendable {
        var records = 0, found = 0, resolved = 0

        mutating func add(_ other: Counts) {
            records += other.records
            (found, resolved) = (found + other.found, resolved + other.resolved)
        }
    }

    static func place(of run: AgentRunID) -> String { "scan/\(run)/" }

    private func place(of book: RuleBook) -> String { Self.place(of: run.id) + book.records.table }

    func finish() async throws -> Counts {
        let registry = run.job.runtime.records
        let (books, reached) = try run.read { reader in
            let books = try RuleBook.all(registry, in: reader)
            return (books, try books.map { try reader.quality.place(of: place(of: $0)) ?? "" })
        }
        var counts = Counts()
        // One resource after the other: two at once would take both processors of a small machine from its requests.
        for (book, after) in zip(books, reached) where after != Self.done {
            counts.add(try await scan(book, after: after))
        }
        run.processed(counts.records)
        return counts
    }

    private func scan(_ book: RuleBook, after start: String) async throws -> Counts {
        let facts = try run.read { try ScanFacts(book, in: $0) }
        var check = QualityCheck(book, run.job, dependencies), after = start, counts = Counts()
        let name = place(of: book)
        if !facts.usual.isEmpty {
            try await run.job.write { tx in
                for (rule, numbers) in facts.usual {
                    try tx.quality.setPlace(of: "usual/\(rule)", to: numbers.json.serialized)
                }
            }
        }
        let configuration = run.job.runtime.configuration
        while true {
            try Task.checkCancellation()
            let began = configuration.steadyClock()
            let (last, count) = try await check.check(after: after, limit: Self.batch, facts) { last in
                { try $0.quality.setPlace(of: name, to: last) }
            }
            counts.records += count
            guard let last, count == Self.batch else { break }
            after = last
            // Others want their turn, too: a scan takes about four fifths of a processor.
            guard !run.job.runtime.isSandbox(run.job.tenant) else { continue }
            let now = configuration.steadyClock()
            await configuration.wait(now + (now - began) / 4)
        }
        try await check.finish()
        // A table without records is scanned again as quickly as it is found to be done.
        if counts.records > 0 {
            try await run.job.write { try $0.quality.setPlace(of: name, to: Self.done) }
        }
        (counts.found, counts.resolved) = (check.found, check.resolved)
        return counts
    }
}
