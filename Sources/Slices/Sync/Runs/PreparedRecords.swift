internal import Agents
internal import Integrations
internal import JSON
internal import Jobs
internal import Records

/// The service's new records in the form in which the agency keeps them: what can be worked out before a transaction,
/// so that the writer need not wait for it. Made while the page before is stored. What is not here is worked out then.
struct PreparedRecords: Sendable {
    struct Entry: Sendable {
        /// The text by which it is recognised.
        let key: String?
        let values: Result<[(field: SyncField, value: JSON, raw: JSON)], FieldFault>
        /// `nil` where its values do not fit.
        let draft: Result<RecordDraft, any Error>?
        /// The fingerprint of the service's record.
        let mark: String
    }

    private let entries: [String: Entry]

    /// Nothing.
    init() { entries = [:] }

    /// Prepares the records of a page that have no pair yet.
    init(_ page: RemotePage, _ plan: SyncPlan, known: [String: SyncLink]) {
        // A deal's lead is only found in the transaction.
        guard !plan.needsLead, plan.sync.direction != .push else {
            entries = [:]
            return
        }
        var entries: [String: Entry] = [:], repeated: Set<String> = []
        for record in page.records where !record.isDeleted && known[record.id] == nil {
            let before = entries.updateValue(Entry(record, plan), forKey: record.id)
            if before != nil { repeated.insert(record.id) }
        }
        // Which of two records with one identifier is meant cannot be told by it.
        for id in repeated { entries[id] = nil }
        self.entries = entries
    }

    subscript(id: String) -> Entry? { entries[id] }
}

extension PreparedRecords.Entry {
    fileprivate init(_ record: RemoteRecord, _ plan: SyncPlan) {
        key = plan.keyText(of: record)
        mark = plan.mark(of: record)
        do throws(FieldFault) {
            let found = try plan.newValues(of: record)
            values = .success(found)
            draft = Result { try plan.records.draft(plan.newFields(of: record, found)) }
        } catch {
            (values, draft) = (.failure(error), nil)
        }
    }
}

extension SyncAsking {
    /// Returns a page of the service's records, with all that it takes to store them, the new ones prepared.
    func page(
        of plan: SyncPlan, since: String?, after cursor: String?, _ job: JobContext
    ) async throws -> (RemotePage, PreparedRecords) {
        let page = try await ask { try await $0.page(of: plan.object, since: since, after: cursor) }
        let known = try job.read { try $0.syncLinks.all(of: page, plan) }
        guard plan.needsLead else { return (page, PreparedRecords(page, plan, known: known)) }
        guard since != nil, !plan.references.isEmpty else { return (page, PreparedRecords()) }
        return (try await completed(page, plan, known: known), PreparedRecords())
    }
}

extension SyncPlan {
    /// Returns the form of a record's key in which keys are compared; `nil` where it has none.
    func keyText(of record: RemoteRecord) -> String? {
        guard let key else { return nil }
        let raw = (record.fields[key.remote.name] ?? .null).plain
        guard !raw.isNothing, let form = try? key.localForm(of: raw, beside: [:], currency: currency) else {
            return nil
        }
        return form.text.map { keyForm($0, key) }
    }

    /// Returns the fields of a new record of the agency's, by the values that the service gives.
    func newFields(
        of record: RemoteRecord, _ values: [(field: SyncField, value: JSON, raw: JSON)]
    ) -> JSONObject {
        var fields = standing(for: record)
        for (field, value, _) in values where !value.isNothing && !field.isUnsubscribed {
            let (column, patch) = field.patch(value)
            fields[column] = patch.object.map { (fields[column] ?? [:]).adding($0) } ?? patch
        }
        return fields
    }

    /// Returns the values of a new record that no field of the service gives.
    private func standing(for record: RemoteRecord) -> JSONObject {
        var fields = sync.defaults.object ?? [:]
        if keepsExternalIDs {
            fields["external_ids"] = (fields["external_ids"] ?? [:]).adding([system: .string(record.id)])
        }
        if sync.local == .leads, fields["source"] == nil { fields["source"] = .string(system) }
        return fields
    }
}
