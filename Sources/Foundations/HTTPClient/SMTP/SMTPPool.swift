internal import Synchronization
internal import Telemetry

/// A mail that waits for its outcome.
final class SMTPJob: Sendable {
    /// The server and account whose connections it can use.
    struct Key: Hashable, Sendable {
        var server: MailServer
        var credentials: MailCredentials?
    }

    let submission: SMTPSubmission
    let deadline: Instant
    let isCancelled = Atomic(false)
    private let answer = Mutex<CheckedContinuation<SMTPOutcome, Never>?>(nil)

    init(_ submission: SMTPSubmission) {
        self.submission = submission
        deadline = .steadyClock() + submission.deadline
    }

    var key: Key { Key(server: submission.server, credentials: submission.credentials) }

    func await(_ continuation: CheckedContinuation<SMTPOutcome, Never>) {
        answer.withLock { $0 = continuation }
    }

    func finish(_ outcome: SMTPOutcome) { answer.withLock { $0.take() }?.resume(returning: outcome) }
}

/// Which connection takes which mail.
final class SMTPPool: Sendable {
    private static let waitingMax = 4096

    private struct State {
        var threads = 0
        /// The one that was used last is the last.
        var idle: [(key: SMTPJob.Key, thread: ConnectionThread)] = []
        var working: [ObjectIdentifier: (job: SMTPJob, thread: ConnectionThread)] = [:]
        var waiting: [SMTPJob] = []
        var isClosed = false
    }

    private let configuration: HTTPClientConfiguration
    private let resolver: NameResolver
    private let name: String
    private let connectionsMax: Int
    private let keptFor: Duration
    private let state = Mutex(State())

    init(_ configuration: HTTPClientConfiguration, name: String, connectionsMax: Int, keptFor: Duration) {
        (self.configuration, self.name) = (configuration, name)
        (self.connectionsMax, self.keptFor) = (connectionsMax, keptFor)
        resolver = NameResolver(lookUp: configuration.lookUp)
    }

    /// To a connection that is there for it, else to a new one, else to one that is there for others and idle.
    func place(_ job: SMTPJob) {
        let refusal: MailFault? = state.withLock { state in
            if state.isClosed { return .closed }
            // A cancellation from here on waits for the lock, and finds the job where it was put.
            if job.isCancelled.load(ordering: .relaxed) { return .cancelled }
            while let index = state.idle.lastIndex(where: { $0.key == job.key }) {
                if give(job, to: state.idle.remove(at: index).thread, &state) { return nil }
            }
            if state.threads < connectionsMax {
                start(job, &state)
                return nil
            }
            while !state.idle.isEmpty {
                if give(job, to: state.idle.removeFirst().thread, &state) { return nil }
            }
            guard state.waiting.count < Self.waitingMax else { return .busy }
            state.waiting.append(job)
            return nil
        }
        if let refusal { job.finish(.notSent(refusal)) }
    }

    func cancel(_ job: SMTPJob) {
        job.isCancelled.store(true, ordering: .relaxed)
        let wasWaiting = state.withLock { state in
            state.working[ObjectIdentifier(job)]?.thread.interrupt()
            let index = state.waiting.firstIndex { $0 === job }
            if let index { state.waiting.remove(at: index) }
            return index != nil
        }
        if wasWaiting { job.finish(.notSent(.cancelled)) }
    }

    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            for (job, thread) in state.working.values {
                job.isCancelled.store(true, ordering: .relaxed)
                thread.interrupt()
            }
            for (_, thread) in state.idle { thread.end() }
            state.idle = []
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in waiting { job.finish(.notSent(.closed)) }
    }

    // MARK: Under the lock

    private func give(_ job: SMTPJob, to thread: ConnectionThread, _ state: inout State) -> Bool {
        let isTaken = thread.post { [self] connection in work(job, connection, thread) }
        if isTaken { state.working[ObjectIdentifier(job)] = (job, thread) }
        return isTaken
    }

    private func start(_ job: SMTPJob, _ state: inout State) {
        let thread = ConnectionThread(
            ServerConnection(configuration, resolver), idleMax: keptFor, leave: sayGoodbye
        ) { [self] thread in forget(thread) }
        state.threads += 1
        _ = give(job, to: thread, &state)
    }

    // MARK: On a connection's thread

    private func work(_ job: SMTPJob, _ connection: ServerConnection, _ thread: ConnectionThread) {
        var delivery = SMTPDelivery(job.submission, over: connection, until: job.deadline, name: name) {
            job.isCancelled.load(ordering: .relaxed)
        }
        let outcome = delivery.run()
        state.withLock { state in
            state.working[ObjectIdentifier(job)] = nil
            let key = job.key
            let next = state.waiting.firstIndex { $0.key == key } ?? state.waiting.indices.first
            if let next {
                let isTaken = give(state.waiting.remove(at: next), to: thread, &state)
                precondition(isTaken, "only threads without work are told to end")
            } else if connection.isOpen, !state.isClosed {
                state.idle.append((key, thread))
            } else {
                thread.end()
            }
        }
        job.finish(outcome)
    }

    private func forget(_ thread: ConnectionThread) {
        state.withLock { state in
            state.threads -= 1
            state.idle.removeAll { $0.thread === thread }
            // It could not be given one that came while it ended.
            if !state.waiting.isEmpty { start(state.waiting.removeFirst(), &state) }
        }
    }
}
