internal import Database
internal import Nouns
internal import Synchronization

/// Writes down what comes in through the endpoints. What comes while something of the same integration is being written
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

    struct Endpoint: Hashable, Sendable {
        let tenant: TenantID
        let integration: IntegrationID, provider: String
    }

    private let database: Database
    /// The waiting deliveries of each webhook endpoint at which something is being written.
    private let waiting = Mutex<[Endpoint: [Delivery]]>([:])

    init(_ database: Database) { self.database = database }

    /// Answers once it is durable.
    func receive(_ items: [KeptItem], at endpoint: Endpoint, _ answer: @escaping Answer) {
        let delivery = Delivery(items: items, answer: answer)
        let isFirst = waiting.withLock { waiting in
            guard waiting[endpoint] != nil else {
                waiting[endpoint] = []
                return true
            }
            waiting[endpoint]?.append(delivery)
            return false
        }
        if isFirst { write([delivery], at: endpoint) }
    }

    private func writeNext(at endpoint: Endpoint) {
        let next = waiting.withLock { waiting in
            guard let all = waiting[endpoint], !all.isEmpty else {
                waiting[endpoint] = nil
                return [Delivery]()
            }
            var (count, size) = (0, 0)
            while count < all.count, count < Self.requestsMax, size < Self.bytesMax {
                size += all[count].size
                count += 1
            }
            waiting[endpoint] = Array(all[count...])
            return Array(all[..<count])
        }
        if !next.isEmpty { write(next, at: endpoint) }
    }

    private func write(_ deliveries: [Delivery], at endpoint: Endpoint) {
        submit(deliveries, at: endpoint) { [self] result in
            writeNext(at: endpoint)
            switch result {
            case .success(let areNew):
                for (delivery, isNew) in zip(deliveries, areNew) { delivery.answer(.success(isNew)) }
            case .failure(let error) where deliveries.count == 1:
                deliveries[0].answer(.failure(error))
            case .failure:
                // A fault of one delivery must not fail the others.
                for delivery in deliveries {
                    submit([delivery], at: endpoint) { delivery.answer($0.map { $0[0] }) }
                }
            }
        }
    }

    private func submit(
        _ deliveries: [Delivery], at endpoint: Endpoint,
        completion: @escaping @Sendable (Result<[Bool], any Error>) -> Void
    ) {
        let items = deliveries.map(\.items)
        database.submit(endpoint.tenant) { tx in
            try tx.hookReceipts.receive(items, through: endpoint.integration, provider: endpoint.provider)
        } completion: {
            completion($0)
        }
    }
}
