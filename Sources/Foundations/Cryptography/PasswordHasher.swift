internal import Glibc
internal import Synchronization

/// The reason why a password was not hashed or compared.
package enum PasswordHasherError: Error, Equatable {
    /// Too many are waiting already: to be answered with 503 and `Retry-After`.
    case busy
    /// There is no memory for a hash now.
    case outOfMemory
    /// The stored text is no Argon2id hash, or one with costs beyond reason.
    case malformedHash
}

/// Hashes and compares passwords with Argon2id on threads of its own. A storm of logins waits in a
/// short queue and is refused beyond it; it takes neither the other requests' threads nor their
/// memory: at most `threads` hashes are at work at once.
package final class PasswordHasher: Sendable {
    /// The longest password that is looked at, in bytes.
    package static let passwordSizeMax = 1024

    package let cost: PasswordCost
    private let queue: PasswordQueue

    /// `waitingMax` hashes may wait; at some 20 ms each that is how long the last of them waits.
    package init(cost: PasswordCost = PasswordCost(), threads: Int = 2, waitingMax: Int = 64) {
        precondition(cost.isAcceptable && threads > 0 && waitingMax > 0)
        self.cost = cost
        queue = PasswordQueue(threads: threads, waitingMax: waitingMax)
    }

    deinit { queue.stop(threads: queue.threads) }

    /// A new hash of the password in PHC form, with its own random salt.
    package func hash(_ password: String) async throws(PasswordHasherError) -> String {
        try await withCheckedContinuation { done in hash(password) { done.resume(returning: $0) } }.get()
    }

    /// Returns whether `stored` was made from the password.
    package func verify(_ password: String, against stored: String) async throws(PasswordHasherError) -> Bool
    {
        try await withCheckedContinuation { done in
            verify(password, against: stored) { done.resume(returning: $0) }
        }.get()
    }

    /// Takes the time of `verify` and is never right: for accounts that do not exist.
    package func verifyDummy(_ password: String) async throws(PasswordHasherError) {
        _ = try await withCheckedContinuation { done in
            verifyDummy(password) { done.resume(returning: $0) }
        }.get()
    }

    /// Returns whether the hash was made at another cost than today's: after a good login it is made anew.
    package func needsRehash(_ stored: String) -> Bool { PasswordHash(stored)?.cost != cost }

    /// `hash`, for callers without a task. `completion` runs on a thread of the hasher, or at once
    /// on the caller's when it is busy; it must not block.
    package func hash(
        _ password: String, completion: @escaping @Sendable (Result<String, PasswordHasherError>) -> Void
    ) {
        submit(completion) { [cost] in
            let salt = SystemRandom.bytes(16)
            guard let tag = argon2id(Array(password.utf8), salt: salt, cost: cost) else {
                return .failure(.outOfMemory)
            }
            return .success(PasswordHash(cost: cost, salt: salt, tag: tag).text)
        }
    }

    /// `verify`, for callers without a task; see `hash`.
    package func verify(
        _ password: String, against stored: String,
        completion: @escaping @Sendable (Result<Bool, PasswordHasherError>) -> Void
    ) {
        guard let hash = PasswordHash(stored) else { return completion(.failure(.malformedHash)) }
        // No such password can have been set, but the answer must not come sooner for that.
        guard password.utf8.count <= Self.passwordSizeMax else {
            return verifyDummy("", completion: completion)
        }
        submit(completion) {
            let tag = argon2id(
                Array(password.utf8), salt: hash.salt, cost: hash.cost, tagCount: hash.tag.count)
            return tag.map { .success(constantTimeEqual($0, hash.tag)) } ?? .failure(.outOfMemory)
        }
    }

    /// `verifyDummy`, for callers without a task; always `false`. See `hash`.
    package func verifyDummy(
        _ password: String, completion: @escaping @Sendable (Result<Bool, PasswordHasherError>) -> Void
    ) {
        let password = Array(password.utf8.prefix(Self.passwordSizeMax))
        submit(completion) { [cost] in
            argon2id(password, salt: [UInt8](repeating: 0, count: 16), cost: cost) == nil
                ? .failure(.outOfMemory) : .success(false)
        }
    }

    private func submit<Value>(
        _ completion: @escaping @Sendable (Result<Value, PasswordHasherError>) -> Void,
        _ work: @escaping @Sendable () -> Result<Value, PasswordHasherError>
    ) {
        guard queue.add({ completion(work()) }) else { return completion(.failure(.busy)) }
    }
}

/// The waiting hashes and the threads that make them. The threads start with the first hash, end
/// after `stop`, and finish what was accepted before.
private final class PasswordQueue: Sendable {
    typealias Job = @Sendable () -> Void
    private struct State {
        var jobs: [Job] = []
        var isStarted = false
    }

    let threads: Int
    private let waitingMax: Int
    private let state = Mutex(State())
    /// A pipe holds one byte a waiting job: a thread that reads one may take one.
    private let readEnd: Int32, writeEnd: Int32

    init(threads: Int, waitingMax: Int) {
        (self.threads, self.waitingMax) = (threads, waitingMax)
        var ends: [Int32] = [-1, -1]
        precondition(unsafe pipe(&ends) == 0, "no file descriptors left")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func add(_ job: @escaping Job) -> Bool {
        let isAccepted = state.withLock { state in
            guard state.jobs.count < waitingMax else { return false }
            state.jobs.append(job)
            if !state.isStarted {
                state.isStarted = true
                for _ in 0..<threads { startThread() }
            }
            return true
        }
        if isAccepted { signal(1) }
        return isAccepted
    }

    func stop(threads: Int) { signal(threads) }

    private func signal(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        _ = unsafe write(writeEnd, bytes, count)
    }

    private func startThread() {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                unsafe Unmanaged<PasswordQueue>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(result == 0, "no thread for password hashes")
        pthread_detach(thread)
    }

    private func run() {
        // Linux: this thread only. Requests go first when there are too few processors for all.
        _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 5)
        while true {
            var byte: UInt8 = 0
            guard unsafe read(readEnd, &byte, 1) == 1 else { continue }
            guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else { return }
            job()
        }
    }
}
