package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// Something that a provider told us, as it was let in: one row of `hook_receipts`.
package struct HookReceipt: StoredRow, Identified {
    package static let idPrefix = "hook", noun = "hook_receipt", table = "hook_receipts"

    package enum Status: String, Choice {
        case received, processed
        /// It is nothing that concerns us.
        case ignored
        /// It could not be worked on; a person may have it tried again.
        case failed
    }

    package let id: ID<HookReceipt>
    package let integrationID: IntegrationID, provider: String
    package let key: String, type: String
    package let payload: JSON
    package let status: Status
    package let note: String?
    package let receivedAt: Instant
    package let processedAt: Instant?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, integrationID, provider) = (row.id("id"), row.id("integration_id"), row.text("provider"))
        (key, type, payload) = (row.text("event_key"), row.text("type"), JSON(stored: row.text("payload")))
        (status, note) = (Status(rawValue: row.text("status")) ?? .received, row.optionalText("note"))
        (receivedAt, processedAt) = (row.instant("received_at"), row.optionalInstant("processed_at"))
    }

    /// One that was just let in.
    package init(
        _ item: HookItem, id: ID<HookReceipt>, integrationID: IntegrationID, provider: String,
        at moment: Instant
    ) {
        (self.id, self.integrationID, self.provider) = (id, integrationID, provider)
        (key, type, payload) = (item.key, item.type, item.payload)
        (status, note, receivedAt, processedAt) = (.received, nil, moment, nil)
    }

    package var subject: Subject { Subject(id) }

    /// Without the payload, which may be long and about people.
    var json: JSON {
        [
            "id": JSON(id), "integration_id": JSON(integrationID), "provider": .string(provider),
            "key": .string(key), "type": .string(type), "status": .string(status.rawValue),
            "note": JSON(note),
            "received_at": .string(receivedAt.description), "processed_at": JSON(processedAt?.description),
        ]
    }
}

extension HookReceiptStore {
    package func find(_ id: ID<HookReceipt>) throws -> HookReceipt? {
        try tx.first(
            "SELECT \(HookReceipt.columns) FROM hook_receipts WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            HookReceipt.init)
    }
}

/// An item that is let in, as it is stored.
struct KeptItem: Sendable {
    let key: String, type: String, payload: String

    init(_ item: HookItem) {
        (key, type) = (item.key, item.type)
        payload = item.text.map { String(decoding: $0, as: UTF8.self) } ?? item.payload.serialized
    }
}

extension HookReceiptStore where Base == Transaction {
    /// Keeps what requests have brought, and has what is new worked on; answers which of them brought anything new.
    func receive(
        _ deliveries: [[KeptItem]], through integration: IntegrationID, provider: String
    ) throws -> [Bool] {
        var new: [ID<HookReceipt>] = []
        let areNew = try deliveries.map { items in
            let before = new.count
            for item in items {
                let id = tx.makeID(HookReceipt.self)
                let stored = try tx.run(
                    storeReceipt,
                    [
                        tx.tenant.sqlValue, id.sqlValue, integration.sqlValue, provider.sqlValue,
                        item.key.sqlValue, item.type.sqlValue, item.payload.sqlValue, tx.now.sqlValue,
                    ])
                if stored == 1 { new.append(id) }
            }
            return new.count > before
        }
        if !new.isEmpty { try tx.jobs.enqueue(HookJob.self, .init(receipts: new)) }
        return areNew
    }

    /// Stores that a receipt could not be used, which counts as an error of its integration; the detail is for people.
    package func fail(_ receipt: HookReceipt, _ code: String, _ detail: String) throws {
        try settle(receipt.id, .failed, note: detail)
        try tx.failures.book(.init(.hook, receipt.integrationID.keyText, code: code, detail))
    }

    /// Stores the outcome of a receipt; the note is for people.
    package func settle(
        _ receipt: ID<HookReceipt>, _ status: HookReceipt.Status, note: String? = nil
    ) throws {
        let end = status == .received ? nil : tx.now
        try tx.run(
            """
            UPDATE hook_receipts SET status = \(status.rawValue), note = \(note), processed_at = \(end)
            WHERE tenant_id = \(tx.tenant) AND id = \(receipt)
            """)
    }
}

extension HookReceiptStore {
    /// Returns the time at which the oldest receipt arrived that has been processed.
    package func oldest() throws -> Instant? {
        try tx.first(
            """
            SELECT received_at FROM hook_receipts WHERE tenant_id = \(tx.tenant) AND status <> 'received'
            ORDER BY received_at LIMIT 1
            """
        ) { $0.instant(0) }
    }
}

extension HookReceiptStore where Base == Transaction {
    /// Forgets what came before, as far as it has been worked on; answers how much that was.
    package func remove(receivedBefore instant: Instant, limit: Int) throws -> Int {
        try tx.run(
            """
            DELETE FROM hook_receipts WHERE tenant_id = \(tx.tenant) AND id IN (
                SELECT id FROM hook_receipts
                WHERE tenant_id = \(tx.tenant) AND received_at < \(instant) AND status <> 'received'
                ORDER BY received_at LIMIT \(limit))
            """)
    }
}

private let storeReceipt = Statement(
    """
    INSERT INTO hook_receipts (tenant_id, id, integration_id, provider, event_key, type, payload, status, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'received', $8)
    ON CONFLICT (tenant_id, integration_id, event_key) DO NOTHING
    """)
