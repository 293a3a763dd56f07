internal import Database
internal import Jobs
internal import Records
internal import Telemetry

extension Client {
    /// Its satisfaction, as counters name it.
    private var band: String {
        switch satisfaction {
        case nil: "unknown"
        case .some(..<5): "unhappy"
        case .some(..<8): "neutral"
        default: "content"
        }
    }

    /// Its share of the counters, while it is a client.
    private var standing: [String: Int] {
        guard status != .former else { return [:] }
        return [
            "clients.band.\(band)": 1, "clients.tier.\(tier.rawValue)": 1,
            "clients.since.\(tier.rawValue)": Int(createdAt.microseconds / 86_400_000_000),
        ]
    }

    /// Returns whether it has left, grown or shrunk, and how content it was before, such as `left.unhappy`; `nil`: none
    /// of these.
    fileprivate func outcome(since old: Client) -> String? {
        guard old.status != .former else { return nil }
        if status == .former { return "left.\(old.band)" }
        guard let before = old.fee, let after = fee, before.currency == after.currency,
            before.amount != after.amount
        else { return nil }
        return "\(after.amount > before.amount ? "grew" : "shrank").\(old.band)"
    }

    fileprivate var referralCounter: String { "clients.outcome.referred.\(band)" }

    /// Returns the changes of counters when it comes after another state of it.
    fileprivate static func changes(from old: Client?, to new: Client?) -> [(String, Int)] {
        let before = old?.standing ?? [:], after = new?.standing ?? [:]
        return Set(before.keys).union(after.keys).sorted()
            .map { ($0, (after[$0] ?? 0) - (before[$0] ?? 0)) }.filter { $0.1 != 0 }
    }
}

extension ClientStore where Base == Transaction {
    /// Keeps how many clients are how content, of which tier and since when.
    func countStanding(from old: Client?, to new: Client?) throws {
        for (name, change) in Client.changes(from: old, to: new) { try tx.counters.count(name, change) }
    }

    /// Counts who leaves, and who pays more or less than before, by how content they were.
    func countOutcome(from old: Client, to new: Client) throws {
        if let outcome = new.outcome(since: old) { try tx.counters.count("clients.outcome.\(outcome)", 1) }
    }

    /// Counts whom a client refers, by how content it is.
    func countReferral(by client: Client) throws {
        try tx.counters.count(client.referralCounter, 1)
    }
}
