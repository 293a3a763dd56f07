/// What waits for the writer: two queues with a limit each. Guarded by the writer's monitor.
struct WriteQueue {
    /// Groups of requests alone in a row, after which a batch gets its turn even when requests wait.
    static let groupsWithoutBatchMax = 3

    private var requests = FIFO<PendingWrite>()
    private var batches = FIFO<PendingWrite>()
    private var groupsWithoutBatch = 0

    var isEmpty: Bool { requests.isEmpty && batches.isEmpty }
    var hasRequests: Bool { !requests.isEmpty }

    /// False when the queue of that priority is full.
    mutating func append(_ write: PendingWrite, _ priority: WritePriority, limit: Int) -> Bool {
        switch priority {
        case .request:
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
            case .request: requests.prepend(write)
            case .batch, .lazy: batches.prepend(write)
            }
        }
    }
}

/// A queue on an array whose head moves; the space before it is given back now and then.
private struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func prepend(_ element: Element) {
        if head > 0 {
            head -= 1
            elements[head] = element
        } else {
            elements.insert(element, at: 0)
        }
    }

    mutating func take(_ limit: Int) -> [Element] {
        let end = head + min(limit, count)
        var taken: [Element] = []
        taken.reserveCapacity(end - head)
        while head < end {
            if let element = elements[head] { taken.append(element) }
            elements[head] = nil
            head += 1
        }
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head > elements.count / 2 {
            elements.removeFirst(head)
            head = 0
        }
        return taken
    }
}
