internal import Database
internal import Synchronization

/// Writes down what comes in through the doors. What comes while something of the same integration is being written
/// waits for it, and is then written together: one closure, one job, however many there are.
final class HookIntake: Sendable {
    /// Of the requests that are written together.
    private static let requestsMax = 200
    private static let bytesMax = 8 * 1024 * 1024

    /// Told whether any of it was new.
    typealias Answer = @Sendable (Result<Bool, any Error>) -> Void

    private struct Delivery: Sendable {
        let items: [KeptItem]
        let answer: Answer

        var size: Int { items.reduce(0) { $0 + $1.payload.utf8.count } }
    }

    struct Door: Hashable, Sendable {
        let tenant: TenantID
        let integration: String, provider: String
    }

    private let database: Database
    /// The waiting deliveries of each webhook endpoint at which something is being written.
    private let waiting = Mutex<[Door: [Delivery]]>([:])

    init(_ database: Database) { self.database = database }

    /// Answers once it is durable.
    func receive(_ items: [KeptItem], at door: Door, _ answer: @escaping Answer) {
        let delivery = Delivery(items: items, answer: answer)
        let isFirst = waiting.withLock { waiting in
            guard waiting[door] != nil else {
                waiting[door] = []
                return true
            }
            waiting[door]?.append(delivery)
            return false
        }
        if isFirst { write([delivery], at: door) }
    }

    private func writeNext(at door: Door) {
        let next = waiting.withLock { waiting in
            guard let all = waiting[door], !all.isEmpty else {
                waiting[door] = nil
                return [Delivery]()
            }
            var (count, size) = (0, 0)
            while count < all.count, count < Self.requestsMax, size < Self.bytesMax {
                size += all[count].size
                count += 1
            }
            waiting[door] = Array(all[count...])
            return Array(all[..<count])
        }
        if !next.isEmpty { write(next, at: door) }
    }

    private func write(_ deliveries: [Delivery], at door: Door) {
        submit(deliveries, at: door) { [self] result in
            writeNext(at: door)
            switch result {
            case .success(let areNew):
                for (delivery, isNew) in zip(deliveries, areNew) { delivery.answer(.success(isNew)) }
            case .failure(let error) where deliveries.count == 1:
                deliveries[0].answer(.failure(error))
            case .failure:
                // Whatever is wrong with one of them is not the others' fault.
                for delivery in deliveries {
                    submit([delivery], at: door) { delivery.answer($0.map { $0[0] }) }
                }
            }
        }
    }

    private func submit(
        _ deliveries: [Delivery], at door: Door,
        completion: @escaping @Sendable (Result<[Bool], any Error>) -> Void
    ) {
        let items = deliveries.map(\.items)
        database.submit(door.tenant) { tx in
            try tx.receive(items, through: door.integration, provider: door.provider)
        } completion: {
            completion($0)
        }
    }
}
