internal import Jobs

/// Looks again, once a night, at addresses that take no mail: a domain may have been repaired, and a service's word is
/// not for good. Others wait for their next change.
struct AddressAgainJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "addresses.again"
    static let key = "again"
    private static let batch = 100, most = 1000

    let checking: AddressChecking

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let checking = checking
        for records in checking.records { try await lookAgain(at: records, job) }
        try await job.complete { tx in
            for records in checking.records
            where try !tx.addresses.undeliverable(records, after: "", limit: 1).isEmpty {
                return try tx.addresses.planAgain(tomorrow: true)
            }
        }
    }

    private func lookAgain(at records: AddressedRecords, _ job: JobContext) async throws {
        var last = "", count = 0
        while count < Self.most {
            let place = last
            let emails = try job.read { reader in
                try reader.addresses.undeliverable(records, after: place, limit: Self.batch)
            }
            guard let end = emails.last else { return }
            for email in emails
            where try await checking.checks.judge(email, of: job.tenant).isWorthAsking {
                try await checking.ask(email, job)
            }
            (last, count) = (end, count + emails.count)
        }
    }
}
