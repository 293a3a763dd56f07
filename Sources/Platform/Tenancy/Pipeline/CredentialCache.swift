internal import Cryptography
internal import Synchronization

/// Half a SHA-256 of a token or key: what a cache knows it by, never the secret itself.
struct SecretDigest: Hashable, Sendable {
    let high: UInt64, low: UInt64

    init(_ secret: UnsafeBufferPointer<UInt8>) { (high, low) = SHA256.prefix(secret) }
}

/// Where the data of sessions and keys is held between requests. The rows are in the database; a cache may forget any
/// of them at any time.
protocol CredentialCache: Sendable {
    /// Returns the credential that is kept for a secret, and a mark that goes with what is looked up instead.
    func find(_ digest: SecretDigest) -> (credential: Credential?, mark: Int)
    /// Keeps what was looked up, unless all was forgotten since the mark was given: it may be stale.
    func keep(_ credential: Credential, for digest: SecretDigest, since mark: Int)
    func forgetAll()
}

/// The cache of one process, in its memory. Processes that share a database tell one another when to forget.
final class CredentialMemory: CredentialCache {
    private struct State {
        /// Rises with every change: what was looked up before one is not kept after it.
        var generation = 0
        var credentials: [SecretDigest: Credential] = [:]
    }

    private let keptMax: Int
    private let state = Mutex(State())

    init(keptMax: Int = 100_000) { self.keptMax = keptMax }

    func find(_ digest: SecretDigest) -> (credential: Credential?, mark: Int) {
        state.withLock { ($0.credentials[digest], $0.generation) }
    }

    func keep(_ credential: Credential, for digest: SecretDigest, since mark: Int) {
        state.withLock { state in
            guard state.generation == mark else { return }
            if state.credentials.count >= keptMax { state.credentials.removeAll() }
            state.credentials[digest] = credential
        }
    }

    func forgetAll() {
        state.withLock { state in
            state.generation += 1
            state.credentials.removeAll(keepingCapacity: true)
        }
    }
}
