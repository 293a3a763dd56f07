internal import Foundation
package import Database
internal import JSON
package import Nouns
package import Telemetry

/// A kind of work: what it is called in the rows, what it needs, and how it is done. The instance holds
/// its dependencies; one is registered with the runtime at start.
package protocol JobKind<Payload>: Sendable {
    associatedtype Payload: Codable & Sendable

    /// Stored in the rows of jobs: never renamed.
    static var kind: String { get }
    static var queue: String { get }
    static var attemptsMax: Int { get }
    static var retry: RetryPolicy { get }
    /// The number of its jobs that may run at once in a tenant, and the rate at which they may start.
    static var limits: JobLimits { get }

    /// Whether an attempt that took too long is made again.
    static var retriesTimeouts: Bool { get }
    /// Whether jobs of its queue are claimed, or handed over by the commit that makes them, without waiting for the
    /// disk: such a kind has what came before it on the disk, its claim with it, before it lets anything out. Others
    /// have it there when they begin.
    static var beginsEarly: Bool { get }

    /// Returns the longest time of an attempt.
    func timeout(_ payload: Payload) -> Duration

    /// One attempt. May be made again after a crash: what it writes through `job` is fenced, and what is
    /// written in `job.complete` happens exactly once. Throws `JobFailure`, `JobSnooze`, or anything else,
    /// which is retried.
    func run(_ payload: Payload, _ job: JobContext) async throws

    /// Runs in the transaction that ends an attempt in any way but completion.
    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws
}

extension JobKind {
    package static var queue: String { "default" }
    package static var attemptsMax: Int { 10 }
    package static var retry: RetryPolicy { RetryPolicy() }
    package static var retriesTimeouts: Bool { true }
    package static var beginsEarly: Bool { false }
    package static var limits: JobLimits { JobLimits() }
    package func timeout(_ payload: Payload) -> Duration { .seconds(60) }
    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {}
}

/// The end of an attempt that did not complete.
package enum AttemptEnd: Sendable {
    /// It is tried again; the reason is absent when the process went down.
    case retried(JobFailure?)
    case snoozed(String)
    case dead(JobFailure)
    case cancelled
    /// A person has revived a dead or cancelled job.
    case revived
}

/// Thrown by a handler that cannot work yet: the attempt does not count.
package struct JobSnooze: Error, Hashable, Sendable {
    package let delay: Duration
    /// The reason for waiting, shown with the job.
    package let reason: String

    package init(for delay: Duration, waitingFor reason: String) {
        (self.delay, self.reason) = (delay, reason)
    }
}

package struct JobOptions: Sendable {
    /// The period in which another job with the same key is not made.
    package enum Uniqueness: Int, Sendable {
        /// While one waits: work that arrives while one runs makes another.
        case untilStarted = 0
        case untilFinished = 1
    }

    /// The time to run, by the tenant's clock; `nil` is at once.
    package var runAt: Instant?
    package var uniqueKey: String?
    package var uniqueness = Uniqueness.untilFinished
    /// Smaller goes first, inside the tenant.
    package var priority: Int
    package var subject: Subject?
    package var attemptsMax: Int?
    package var waitingFor: String?
    /// Jobs of the kind with the same key share one set of limits; those without a key share the kind's.
    package var limitKey: String?
    /// Instead of the kind's own.
    package var limits: JobLimits?

    package init(
        runAt: Instant? = nil, uniqueKey: (any Key)? = nil, uniqueness: Uniqueness = .untilFinished,
        priority: Int = 50, subject: Subject? = nil, attemptsMax: Int? = nil, waitingFor: String? = nil,
        limitKey: (any Key)? = nil, limits: JobLimits? = nil
    ) {
        (self.runAt, self.uniqueKey, self.uniqueness) = (runAt, uniqueKey?.keyText, uniqueness)
        (self.priority, self.subject, self.attemptsMax) = (priority, subject, attemptsMax)
        (self.waitingFor, self.limitKey, self.limits) = (waitingFor, limitKey?.keyText, limits)
    }
}

/// The kinds that this process can run, by name.
struct JobKinds: Sendable {
    /// A job's payload, read, and what can be done with it.
    struct Prepared: Sendable {
        let timeout: Duration
        let retry: RetryPolicy
        let run: @Sendable (JobContext) async throws -> Void
    }

    struct Entry: Sendable {
        let retry: RetryPolicy
        let retriesTimeouts: Bool
        let prepare: @Sendable (_ payload: String) throws -> Prepared
        let ended: @Sendable (_ payload: String, AttemptEnd, Transaction) throws -> Void
    }

    private var entries: [String: Entry] = [:]

    /// A claimed job with its payload read.
    func claim(_ job: ClaimedJob) -> Claim {
        let entry = self[job.kind]
        let prepared = Result { try entry?.prepare(job.payload) }
        return Claim(
            lease: job.lease, kind: job.kind, attempt: job.attempt, attemptsMax: job.attemptsMax,
            timeout: (try? prepared.get())?.timeout ?? .seconds(60), retry: entry?.retry ?? RetryPolicy(),
            retriesTimeouts: entry?.retriesTimeouts ?? true, prepared: prepared)
    }

    subscript(kind: String) -> Entry? { entries[kind] }
    var queues: Set<String> = []
    /// The queues of kinds that begin early.
    private(set) var earlyQueues: Set<String> = []

    mutating func register<Kind: JobKind>(_ handler: Kind) {
        precondition(entries[Kind.kind] == nil, "two handlers for the jobs of kind \(Kind.kind)")
        queues.insert(Kind.queue)
        if Kind.beginsEarly { earlyQueues.insert(Kind.queue) }
        entries[Kind.kind] = Entry(
            retry: Kind.retry, retriesTimeouts: Kind.retriesTimeouts,
            prepare: { text in
                let payload = try decodePayload(Kind.Payload.self, text)
                return Prepared(timeout: handler.timeout(payload), retry: Kind.retry) { context in
                    try await handler.run(payload, context)
                }
            },
            ended: { text, end, tx in
                // A payload that cannot be read was never worked on: there is nothing to tell its kind.
                guard let payload = try? decodePayload(Kind.Payload.self, text) else { return }
                try handler.ended(payload, end, in: tx)
            })
    }
}

package func encodePayload(_ payload: some Encodable) throws -> String { try encodePayloads([payload])[0] }

func encodePayloads(_ payloads: [some Encodable]) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try payloads.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
}

package func decodePayload<Payload: Decodable>(_ type: Payload.Type, _ text: String) throws -> Payload {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}
