internal import Database
internal import Nouns
internal import Synchronization
internal import Telemetry

/// A runner's work in a sandbox: whose it is, how far the clock may go, and what has run.
final class SandboxWork: Sendable {
    /// The name of the one place for jobs, whatever queue they are of.
    static let queue = "sandbox"

    private struct State {
        var seed: Int64 = 0
        var isQuiet = false
        var ran = SandboxTally()
    }

    let tenant: TenantID
    /// `nil`: the clock stands.
    let until: Instant?
    private let state = Mutex(State())

    init(_ tenant: TenantID, until: Instant?) { (self.tenant, self.until) = (tenant, until) }

    var ran: SandboxTally { state.withLock { $0.ran } }

    /// Whether it came to its end: nothing is due, and the clock stands where it should.
    var isQuiet: Bool { state.withLock { $0.isQuiet } }

    func becameQuiet() { state.withLock { $0.isQuiet = true } }
    func seed(_ seed: Int64) { state.withLock { $0.seed = seed } }

    func count(_ kind: String) { state.withLock { $0.ran.attempts[kind, default: 0] += 1 } }

    /// The randomness of what follows from an attempt: the same for the same attempt of the same job, however
    /// often the process was restarted in between.
    func chance(of lease: Lease) -> SeededRandom {
        let seed = state.withLock { $0.seed }
        return SeededRandom(
            seed: "\(lease.job)".utf8.reduce(UInt64(bitPattern: seed) &+ UInt64(lease.epoch)) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01b3
            })
    }
}

/// The counts of what ran while a sandbox's clock was advanced.
package struct SandboxTally: Hashable, Sendable {
    /// The number of attempts of jobs, by their kind.
    package var attempts: [String: Int] = [:]
    /// The number of messages that would have left, and were captured.
    package var messages = 0

    /// The number of attempts, of whatever kind.
    package var jobs: Int { attempts.values.reduce(0, +) }
}
