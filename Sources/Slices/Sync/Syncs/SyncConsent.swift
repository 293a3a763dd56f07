internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records

// A person who has unsubscribed on one side is unsubscribed on both. Nothing here subscribes anybody.

extension LocalRecord {
    /// The address to which mails about marketing would go.
    var email: String? { values["email"]?.text ?? values["contact_email"]?.text }
    fileprivate var contact: ContactID? {
        values["contact_id"]?.id(of: Nouns.Contact.self) ?? ContactID(id)
    }
}

/// Unsubscribes that syncs take over and pass on: `tx.syncConsent`.
struct SyncConsentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncConsent: SyncConsentStore<Self> { SyncConsentStore(tx: self) }
}

extension SyncConsentStore {
    /// Returns whether the person of a record wants no marketing by mail.
    func isUnsubscribed(_ record: LocalRecord) throws -> Bool {
        if let email = record.email,
            try !tx.consents.suppressions(of: email, .email, for: .marketing).isEmpty
        {
            return true
        }
        guard let contact = record.contact else { return false }
        return try tx.consents.find(of: contact, .email, for: .marketing)?.status == .withdrawn
    }

    /// Returns the syncs that tell services who has unsubscribed.
    func tellingOfUnsubscribes() throws -> [RecordSync] {
        try RecordSync.resource.all(
            where: "mapping LIKE '%\"unsubscribed\"%' AND status <> 'paused' AND direction <> 'pull'",
            suffix: "ORDER BY id LIMIT 100", in: tx)
    }
}

extension SyncConsentStore where Base == Transaction {
    /// Keeps marketing away from the person of a record, since the service says that they have unsubscribed there.
    func unsubscribe(_ record: LocalRecord, toldBy plan: SyncPlan) throws {
        guard let email = record.email else { return }
        try tx.consents.suppress(
            email, .email, .unsubscribe, note: "Unsubscribed in \(plan.system)", by: plan.sync.actor)
    }

    /// Sees to it that services learn who has unsubscribed here, as soon as it has happened. `isHere` says whether a
    /// service's own news is being written, which it need not be told.
    func tellUnsubscribed(_ address: String) throws {
        for sync in try tellingOfUnsubscribes() {
            guard let records = tx.runtime.records.records(in: sync.local.rawValue) else { continue }
            let column = records.fields.contains { $0.name == "email" } ? "email" : "contact_email"
            let ids = try records.scan(.having([address], in: column), [], tx).map(\.id)
            guard !ids.isEmpty else { continue }
            try tx.syncLinks.markDirty(sync.id, local: ids)
            _ = try tx.syncRuns.start(sync, by: .sync)
        }
    }
}
