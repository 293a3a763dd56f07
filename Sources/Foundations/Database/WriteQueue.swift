/// The writes that wait for the writer: two queues with a limit each. Guarded by the writer's monitor.
struct WriteQueue {
    /// Groups of requests alone in a row, after which a batch gets its turn even when requests wait.
    static let groupsWithoutBatchMax = 3

    private var requests = FIFO<PendingWrite>()
    private var batches = FIFO<PendingWrite>()
    private var groupsWithoutBatch = 0

    var count: Int { requests.count + batches.count }
    var isEmpty: Bool { requests.isEmpty && batches.isEmpty }
    var hasRequests: Bool { !requests.isEmpty }

    /// False when the queue of that priority is full.
    mutating func append(_ write: PendingWrite, _ priority: WritePriority, limit: Int) -> Bool {
        switch priority {
        case .request, .early:
            guard requests.count < limit else { return false }
            requests.append(write)
        case .batch, .lazy:
            guard batches.count < limit else { return false }
            batches.append(write)
        }
        return true
    }

    /// The next closures in the order in which they run. Batches come when no request waits, and one of
    /// them after some groups of requests alone.
    mutating func take(_ limit: Int) -> [PendingWrite] {
        guard !requests.isEmpty else {
            groupsWithoutBatch = 0
            return batches.take(limit)
        }
        guard !batches.isEmpty else { return requests.take(limit) }
        if groupsWithoutBatch < Self.groupsWithoutBatchMax {
            groupsWithoutBatch += 1
            return requests.take(limit)
        }
        groupsWithoutBatch = 0
        // First, or a group that runs out of time would never come to it.
        return batches.take(1) + requests.take(limit)
    }

    /// Puts back what the group had no time for, before everything that came since.
    mutating func putBack(_ writes: some BidirectionalCollection<PendingWrite>) {
        for write in writes.reversed() {
            switch write.priority {
            case .request, .early: requests.prepend(write)
            case .batch, .lazy: batches.prepend(write)
            }
        }
    }
}
