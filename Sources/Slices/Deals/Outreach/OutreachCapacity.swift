internal import Database
internal import Jobs

extension OutreachStore {
    /// Whether more is planned for the next weeks than the agency's people can do, as the outlook on clients keeps it.
    func isAgencyFull() throws -> Bool { try tx.counters.find("capacity.state") >= 2 }
}
