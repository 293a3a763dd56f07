internal import Database
internal import Jobs
internal import Records

extension Client {
    /// The monthly fee that it pays, while it is a client.
    var fee: Money? { status == .former ? nil : monthlyFee.flatMap { $0.amount > 0 ? $0 : nil } }
}

extension ClientStore where Base == Transaction {
    /// Keeps what clients pay together, by currency.
    func countFees(from old: Client?, to new: Client?) throws {
        guard old?.fee != new?.fee else { return }
        for (fee, change) in [(old?.fee, -1), (new?.fee, 1)] {
            guard let fee else { continue }
            try tx.counters.count("clients.paying.\(fee.currency)", change)
            try tx.counters.count("clients.fees.\(fee.currency)", change * Int(fee.amount))
        }
    }
}

extension ClientStore {
    /// Returns a client's monthly fee as a multiple of what the agency's clients pay on average in that currency.
    package func worth(of client: Client) throws -> Double? {
        guard let fee = client.fee else { return nil }
        let paying = try tx.counters.find("clients.paying.\(fee.currency)")
        let fees = try tx.counters.find("clients.fees.\(fee.currency)")
        return paying > 0 && fees > 0 ? Double(fee.amount) * Double(paying) / Double(fees) : nil
    }
}
