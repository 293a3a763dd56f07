/// A write closure on its way through the queue, its result, and the way to tell its caller.
///
/// Unchecked: the submitter fills it before it enters the queue; from then on only the writing thread touches it, and
/// after it, on a file, who brings it to the disk.
class PendingWrite: @unchecked Sendable {
    /// `nil` for a write across tenants.
    let tenant: TenantID?
    let priority: WritePriority
    let isolation: WriteIsolation
    let caller: StaticString
    let work = PendingWork()
    var failure: (any Error)?

    init(
        _ tenant: TenantID?, _ priority: WritePriority, _ isolation: WriteIsolation, _ caller: StaticString
    ) {
        (self.tenant, self.priority, self.isolation, self.caller) = (tenant, priority, isolation, caller)
    }

    /// Once it has run: whether it tells somebody of a commit that was not to wait for the disk.
    var needsDisk: Bool { priority == .early && failure == nil && work.onCommit.contains(where: \.needsDisk) }

    /// Once it has run: whether it is answered only when its commit is on the disk.
    var waitsForDisk: Bool { failure == nil && (priority.waitsForDisk || needsDisk) }

    /// Its changes are undone, or were never made.
    func fail(_ cause: any Error) {
        work.clear()
        failure = cause
    }

    /// Makes it ready to be run again.
    func reset() {
        work.clear()
        failure = nil
    }

    /// Runs the closure and keeps its result. It may be run again.
    func perform(_ session: Session) throws { preconditionFailure("abstract") }

    /// Tells the caller. Once, and last.
    func answer() { preconditionFailure("abstract") }
}

/// A pending write of one closure's type of result. Unchecked for the reason above: it adds only the closure and its
/// result, which the writer's thread alone reads and writes.
final class PendingClosure<T: Sendable>: PendingWrite, @unchecked Sendable {
    private let body: (Session, PendingWork) throws -> T
    private let completion: @Sendable (Result<T, any Error>) -> Void
    private var result: T?

    init(
        _ tenant: TenantID?, _ priority: WritePriority, _ caller: StaticString,
        _ body: @escaping @Sendable (Session, PendingWork) throws -> T,
        _ completion: @escaping @Sendable (Result<T, any Error>) -> Void,
        _ isolation: WriteIsolation = .serializable
    ) {
        self.body = body
        self.completion = completion
        super.init(tenant, priority, isolation, caller)
    }

    override func perform(_ session: Session) throws { result = try body(session, work) }

    override func answer() {
        work.forget()
        if let failure {
            completion(.failure(failure))
        } else if let result {
            completion(.success(result))
        } else {
            completion(.failure(DatabaseError.invalid("a write was answered before it ran")))
        }
    }
}

extension Sequence<PendingWrite> {
    /// Stores what the closures add up to. In the order of the keys: two processes that add to the same amounts must
    /// not meet the other way round.
    func storeSums() throws {
        var sums: [String: Sum] = [:]
        for write in self {
            sums.merge(write.work.sums) { Sum(amount: $0.amount + $1.amount, store: $1.store) }
        }
        for (_, sum) in sums.sorted(by: { $0.key < $1.key }) { try sum.store(sum.amount) }
    }
}

extension PendingWork {
    func clear() {
        afterSavepoints.removeAll()
        sums.removeAll()
        onCommit.removeAll()
        notices.removeAll()
        knownRecords.removeAll()
        searchChanges = SearchChanges()
    }
}
