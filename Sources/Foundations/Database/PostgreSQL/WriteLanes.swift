/// The writes that wait: for each tenant a lane, of which one write runs at a time. Those of one tenant would only meet
/// each other in the database, and each finds what the one before it has done. Requests go before batches; now and then
/// a batch goes first nevertheless. Guarded by the writers' monitor.
struct WriteLanes {
    /// Requests in a row, after which a batch gets its turn.
    private static let requestsWithoutBatchMax = 8

    final class Lane {
        fileprivate let tenant: TenantID?
        fileprivate var requests = FIFO<PendingWrite>()
        fileprivate var batches = FIFO<PendingWrite>()
        fileprivate var isBusy = false
        fileprivate var waits: (request: Bool, batch: Bool) = (false, false)

        fileprivate init(_ tenant: TenantID?) { self.tenant = tenant }
    }

    private var lanes: [TenantID: Lane] = [:]
    private var requests = FIFO<Lane>()
    private var batches = FIFO<Lane>()
    private var requestsWithoutBatch = 0
    private var counts: (requests: Int, batches: Int) = (0, 0)

    var count: Int { counts.requests + counts.batches }
    var isEmpty: Bool { counts.requests == 0 && counts.batches == 0 }

    /// False when there is no room for another one of that priority.
    mutating func append(_ write: PendingWrite, limit: Int) -> Bool {
        let isRequest = write.priority.isRequest
        guard (isRequest ? counts.requests : counts.batches) < limit else { return false }
        // Writes of no tenant have nothing in common, so each gets a lane of its own.
        let lane = write.tenant.map { lanes[$0] ?? Lane($0) } ?? Lane(nil)
        if let tenant = lane.tenant { lanes[tenant] = lane }
        if isRequest {
            lane.requests.append(write)
            counts.requests += 1
        } else {
            lane.batches.append(write)
            counts.batches += 1
        }
        if !lane.isBusy { enlist(lane) }
        return true
    }

    private mutating func enlist(_ lane: Lane) {
        if !lane.requests.isEmpty, !lane.waits.request {
            requests.append(lane)
            lane.waits.request = true
        }
        if !lane.batches.isEmpty, !lane.waits.batch {
            batches.append(lane)
            lane.waits.batch = true
        }
    }

    /// The next write that can begin, with its lane, which is to be given back.
    mutating func take() -> (PendingWrite, Lane)? {
        let isBatchsTurn = requestsWithoutBatch >= Self.requestsWithoutBatchMax
        if isBatchsTurn, let batch = takeBatch() { return batch }
        while let lane = requests.take(1).first {
            lane.waits.request = false
            guard !lane.isBusy, let write = lane.requests.take(1).first else { continue }
            lane.isBusy = true
            counts.requests -= 1
            requestsWithoutBatch += 1
            return (write, lane)
        }
        return takeBatch()
    }

    private mutating func takeBatch() -> (PendingWrite, Lane)? {
        requestsWithoutBatch = 0
        while let lane = batches.take(1).first {
            lane.waits.batch = false
            guard !lane.isBusy, let write = lane.batches.take(1).first else { continue }
            lane.isBusy = true
            counts.batches -= 1
            return (write, lane)
        }
        return nil
    }

    mutating func giveBack(_ lane: Lane) {
        lane.isBusy = false
        if lane.requests.isEmpty, lane.batches.isEmpty {
            if let tenant = lane.tenant { lanes[tenant] = nil }
        } else {
            enlist(lane)
        }
    }
}
