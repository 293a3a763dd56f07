internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Records

/// Renews what is known of addresses to which mail may go, before it is too old.
struct RenewedChecks: RenewedAnswers {
    let kind = EmailChecks.kind
    let checking: AddressChecking

    func wanted(_ keys: [String], in reader: Reader) throws -> [String] {
        try reader.addresses.inUse(keys, checking.records)
    }

    func renew(_ key: String, _ job: JobContext) async throws -> Bool {
        let check = try await checking.checks.check(
            key, refreshes: true, for: ToolCaller(actor: .system), job: job.jobID, of: job.tenant)
        try await job.write { tx in
            try tx.addresses.keep([key: check.deliverability], checking.records, checking.listeners)
        }
        // One whose answer was lost in a crash is not paid for twice; the others can be asked about.
        return check.attempts.contains { $0.freshAnswer != nil || $0.reason == "interrupted" }
    }
}
