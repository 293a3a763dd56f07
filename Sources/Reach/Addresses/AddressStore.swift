package import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// Checks of addresses: `tx.addresses`.
package struct AddressStore<Base: Queryable> {
    let tx: Base

    /// Returns the addresses of some records that nobody has judged yet, each once.
    func unchecked(_ records: AddressedRecords, _ ids: [String]) throws -> [String] {
        var seen: Set<String> = []
        return try tx.all(
            """
            SELECT email FROM \(trusted: records.table)
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids) AND email IS NOT NULL
                AND email_status IS NULL ORDER BY id
            """
        ) { $0.text(0) }.filter { seen.insert($0).inserted }
    }

    func mark(_ name: String) throws -> String? {
        try tx.first("SELECT mark FROM address_marks WHERE tenant_id = \(tx.tenant) AND name = \(name)") {
            $0.text(0)
        }
    }

    /// Returns the addresses about which a service is to be asked in a batch, the longest waiting first.
    func awaited(limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT email FROM awaited_addresses WHERE tenant_id = \(tx.tenant)
            ORDER BY since, email LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Returns addresses of a resource that take no mail, after one of them, in their order.
    func undeliverable(_ records: AddressedRecords, after email: String, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT email FROM \(trusted: records.table)
            WHERE tenant_id = \(tx.tenant) AND email_status = 'undeliverable' AND email > \(email)
            ORDER BY email LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Returns the records with an address.
    func subjects(of email: String, _ all: [AddressedRecords]) throws -> [Subject] {
        try all.flatMap { records in
            try tx.all(
                """
                SELECT id FROM \(trusted: records.table)
                WHERE tenant_id = \(tx.tenant) AND email = \(email) ORDER BY id LIMIT 20
                """
            ) { Subject(type: records.noun, id: $0.text(0)) }
        }
    }

    /// Returns those of the addresses that records still have.
    func inUse(_ emails: [String], _ all: [AddressedRecords]) throws -> [String] {
        var found: Set<String> = []
        for records in all {
            try tx.each(
                """
                SELECT email FROM \(trusted: records.table)
                WHERE tenant_id = \(tx.tenant) AND email IN \(list: emails)
                """
            ) { found.insert($0.text(0)) }
        }
        return emails.filter(found.contains)
    }
}

extension Queryable {
    package var addresses: AddressStore<Self> { AddressStore(tx: self) }
}

extension AddressStore where Base == Transaction {
    func setMark(_ name: String, to mark: String) throws {
        try tx.run(
            """
            INSERT INTO address_marks (tenant_id, name, mark) VALUES (\(tx.tenant), \(name), \(mark))
            ON CONFLICT (tenant_id, name) DO UPDATE SET mark = excluded.mark
            """)
    }

    func await(_ emails: [String]) throws {
        for email in emails {
            try tx.run(
                """
                INSERT INTO awaited_addresses (tenant_id, email, since)
                VALUES (\(tx.tenant), \(email), \(tx.now)) ON CONFLICT (tenant_id, email) DO NOTHING
                """)
        }
    }

    func awaitNoMore(_ emails: [String]) throws -> Int {
        guard !emails.isEmpty else { return 0 }
        return try tx.run(
            "DELETE FROM awaited_addresses WHERE tenant_id = \(tx.tenant) AND email IN \(list: emails)")
    }

    /// Plans to look again at addresses that take no mail, where that is not planned.
    func planAgain(tomorrow: Bool = false) throws {
        guard !tx.sandboxClock.isSandbox,
            try tomorrow || tx.jobs.live(AddressAgainJob.self, uniqueKey: AddressAgainJob.key) == nil
        else { return }
        let quiet = OffPeak(), from = tomorrow ? tx.now + .seconds(Int64(quiet.hours.count) * 3600) : tx.now
        try tx.jobs.enqueue(
            AddressAgainJob.self, AddressAgainJob.Payload(),
            JobOptions(
                runAt: quiet.next(from: from, in: try tx.agency.zone()), uniqueKey: AddressAgainJob.key,
                uniqueness: .untilStarted, priority: 90, waitingFor: "the quiet hours"))
    }

    /// Keeps what is known of addresses with the records that have them. It is no change of theirs: neither their
    /// version nor their time moves, and nobody is told.
    func keep(
        _ found: [String: Deliverability], _ all: [AddressedRecords], _ listeners: [any AddressListener]
    ) throws {
        for (status, emails) in Dictionary(grouping: found.keys.sorted(), by: { found[$0] ?? .unknown }) {
            var changed = 0
            for records in all {
                changed += try tx.run(
                    """
                    UPDATE \(trusted: records.table) SET email_status = \(status.rawValue)
                    WHERE tenant_id = \(tx.tenant) AND email IN \(list: emails)
                        AND (email_status IS NULL OR email_status <> \(status.rawValue))
                    """)
            }
            guard changed > 0 else { continue }
            if status == .undeliverable { try planAgain() }
            for listener in listeners {
                try listener.changed(emails, isGood: status != .undeliverable, in: tx)
            }
        }
    }
}
