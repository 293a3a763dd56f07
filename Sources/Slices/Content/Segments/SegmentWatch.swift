internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records

/// Keeps segments in step with what changes: at the end of the transaction that changes it, when all of it is stored.
struct SegmentWatch: EventConsumer {
    /// The records that a transaction has changed, and the people who have done something.
    private final class Touched {
        var records: [Segment.Kind: Set<String>] = [:]
        var people: Set<String> = []
        var isAwaited = false
    }

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        let isActivity = event.subject.type == ContactActivity.noun
        let kind = Segment.Kind(noun: event.subject.type)
        guard isActivity || kind != nil else { return }
        let touched = tx.noted(Touched.self) ?? Touched()
        if let kind {
            touched.records[kind, default: []].insert(event.subject.id)
        } else if let person = JSON(stored: event.data)["contact_id"]?.text {
            touched.people.insert(person)
        }
        guard !touched.isAwaited else { return }
        touched.isAwaited = true
        tx.note(touched)
        tx.afterSavepoints {
            touched.isAwaited = false
            let (records, people) = (touched.records, touched.people)
            (touched.records, touched.people) = ([:], [])
            try Self.judge(records, people, in: tx.unlimited)
        }
    }

    private static func judge(
        _ records: [Segment.Kind: Set<String>], _ people: Set<String>, in tx: Transaction
    ) throws {
        for kind in Segment.Kind.allCases {
            let changed = records[kind] ?? []
            for chunk in changed.sorted().parts(of: SegmentStore<Transaction>.chunk) {
                try tx.segments.judge(changed: chunk, of: kind, onlyActivity: false)
            }
            guard !people.isEmpty else { continue }
            let acted = Set(try tx.segments.records(of: people.sorted(), kind)).subtracting(changed)
            for chunk in acted.sorted().parts(of: SegmentStore<Transaction>.chunk) {
                try tx.segments.judge(changed: chunk, of: kind, onlyActivity: true)
            }
        }
    }
}

/// Finds the members of a segment whose filter is new, a chunk at a time, each by a job of its own: a server that dies
/// at some of them has not died at the same work again and again.
struct SegmentFillJob: JobKind {
    struct Payload: Codable, Sendable {
        let segment: SegmentID
        let after: String
    }

    static let kind = "segment.fill"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let segment = try Segment.resource.find(payload.segment, in: tx) else { return }
            try tx.segments.fill(segment, goingOnAfter: payload.after)
        }
    }
}

/// Judges the records of which a segment's filter thinks otherwise by now, though nothing has happened: what a person
/// did is too long ago.
struct SegmentChangeJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "segment.change"
    /// The changes of so much time are seen to together.
    static let step: Duration = .seconds(900)
    private static let chunk = 500

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var count = Self.chunk
        while count == Self.chunk {
            try Task.checkCancellation()
            count = try await job.write(advancing: true) { try $0.segments.judgeDue(limit: Self.chunk) }
        }
        try await job.complete { try $0.segments.awaitNextChange() }
    }
}

extension Array {
    /// Returns the elements in parts of at most so many.
    func parts(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
