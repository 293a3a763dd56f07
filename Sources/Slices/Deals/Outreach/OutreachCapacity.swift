internal import Database
internal import Jobs
internal import Templates

/// The work that the agency's people can promise in the next weeks, as the outlook on clients keeps it.
enum OutreachCapacity: Int, Sendable {
    case free, tight, over

    /// The share of the day's messages that are used up before nobody new is written to any more.
    private static let tightShare = 0.5

    /// Returns the messages a day up to which new people are written to.
    func limit(of perDay: Int) -> Int {
        switch self {
        case .free: perDay
        case .tight: max(1, Int(Double(perDay) * Self.tightShare))
        case .over: 0
        }
    }

    var name: String { "\(self)" }

    /// The reason for which fewer people are written to.
    var evidence: Saying? { self == .tight ? Saying("evidence.tight_capacity") : nil }
}

extension OutreachStore {
    /// Returns how full the next weeks are.
    func capacity() throws -> OutreachCapacity {
        OutreachCapacity(rawValue: try tx.counters.find("capacity.state")) ?? .free
    }
}
