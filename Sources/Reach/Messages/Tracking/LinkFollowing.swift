package import Database
package import Telemetry

/// Links under `/t/` beside those of mails: a module above says where each leads, and counts who follows it.
package protocol LinkFollowing: Sendable {
    /// The prefix of the ids by which its links are known.
    var prefix: String { get }
    /// Returns where a link leads; `nil` where there is none.
    func target(of subject: String, in reader: any Queryable) throws -> String?
    /// Counts that a link was followed at a moment; a number below 0 takes clicks back that were counted then.
    func count(_ subject: String, isPerson: Bool, _ number: Int, at moment: Instant, in tx: Transaction) throws
}
