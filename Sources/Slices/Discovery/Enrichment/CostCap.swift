internal import Agents
internal import Database
internal import Jobs
internal import Records

extension Money {
    /// Adds a fault where the most that something may cost is in another currency than the agency's, in which services
    /// are paid.
    func checkCap(
        at pointer: String, _ faults: inout Faults, in reader: some Queryable, _ runtime: Runtime
    )
        throws
    {
        let wanted = try runtime.questions.currency(reader)
        guard currency != wanted else { return }
        faults.add(
            "\(pointer)/currency", "invalid_currency",
            "The currency must be \(wanted), the agency's currency.")
    }
}

extension AgentRun {
    /// Throws where the most that the run may cost is in another currency than the agency's.
    func requireCap(in currency: String?) throws {
        let wanted = try read { try job.runtime.questions.currency($0) }
        guard let currency, currency != wanted else { return }
        throw JobFailure.terminal(
            "invalid_currency", "what the run may cost must be in \(wanted), the agency's currency")
    }
}
