internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
package import Transfer

extension LeadRows {
    package struct Chunk {
        var declared: Set<String>
        var tally = LeadTally()
        var told: [EventDraft] = []
        let plan: LifecyclePlan
        /// Whether any person known to the agency does not want data about them collected.
        let hasUnwilling: Bool
        let lookUps: ImportLookUps
    }

    package func begin(_ items: [Item], of record: Import, in tx: Transaction) throws -> Chunk {
        let hasUnwilling = try tx.consents.anybodyHasWithdrawn(.dataCollection)
        return Chunk(
            declared: Set(try tx.customFields.all(of: .lead).keys), plan: try tx.lifecycle.plan(),
            hasUnwilling: hasUnwilling,
            lookUps: try ImportLookUps(
                of: items, comparing: hasUnwilling || record.dedupe != .create, in: tx))
    }

    package func bringIn(
        _ item: Item, of record: Import, _ chunk: inout Chunk, in tx: Transaction
    ) throws -> RowOutcome { try tx.leadImports.bringIn(item, of: record, &chunk) }

    package func end(_ chunk: Chunk, in tx: Transaction) throws {
        chunk.tally.count(in: tx)
        try tx.publish(all: chunk.told)
    }

    /// Has the contacts and companies compared too, since they came in with the leads.
    package func finished(in tx: Transaction) throws {
        try tx.duplicates.compareLater(Lead.self)
        try tx.duplicates.compareLater(Contact.self)
        try tx.duplicates.compareLater(Company.self)
    }
}

extension LeadImportStore where Base == Transaction {
    fileprivate func bringIn(
        _ row: LeadRows.Item, of record: Import, _ chunk: inout LeadRows.Chunk
    ) throws -> RowOutcome {
        var item = row
        try resolve(&item)
        if chunk.hasUnwilling { try requireCollectible(item, chunk.lookUps) }
        var beside: RowFault?
        if record.dedupe != .create, let key = item.key {
            switch try knownLead(key, item.draft, chunk.lookUps) {
            case .same(let known):
                return record.dedupe == .skip ? .skipped : try update(known, with: item, of: record, &chunk)
            case .other(let known, let contradiction):
                beside = RowFault(
                    row: item.row, code: .possibleDuplicate,
                    detail:
                        "The row resembles \(known.id), but \(contradiction); it was imported as a separate lead."
                )
            case nil: break
            }
        }
        var lead = item.draft
        lead.beginLife(id: tx.nextID(), now: tx.now)
        let declared = try declareFields(of: lead, beside: chunk.declared, by: record.actor)
        if Lead.qualifiedStatuses.contains(lead.status) { lead.qualifiedAt = tx.now }
        lead.close(replacing: nil, at: tx.now)
        try lead.settleAge(replacing: nil, by: chunk.plan, in: tx)
        try lead.link(replacing: nil, in: tx, chunk.lookUps)
        chunk.lookUps.stores(lead)
        try Lead.resource.insert(&lead, in: tx)
        try tx.contacts.indexExternalIDs(of: lead.subject, from: [:], to: lead.externalIDs)
        try note(lead.id, "created", item.row, of: record)
        // A row that was refused above has taken back its declarations.
        chunk.declared.formUnion(declared)
        chunk.tally.add(from: nil, to: lead)
        chunk.told.append(EventDraft("lead.created", lead.subject))
        return beside.map { .createdBeside(lead.id.untyped, $0) } ?? .created(lead.id.untyped)
    }

    /// Declares the custom fields of a lead that are not declared yet; answers which these are.
    private func declareFields(
        of lead: Lead, beside declared: Set<String>, by actor: Actor
    ) throws -> [String] {
        let keys = lead.custom.keys.filter { !declared.contains($0) }
        for key in keys {
            try tx.customFields.declare([key: lead.custom[key] ?? .null], for: .lead, by: actor)
        }
        return keys
    }

    /// Refuses a row that refers to a record which does not exist, except in our own export: that may come from
    /// another agency, whose records are not here.
    private func resolve(_ item: inout LeadRows.Item) throws {
        let unknown = try tx.unknown(among: Lead.schema.references(of: item.draft, replacing: nil))
        guard !unknown.isEmpty else { return }
        guard item.isOwn else { throw Problem(faults: unknown) }
        for name in unknown.map({ String($0.pointer.dropFirst()) }) {
            item.values[name] = nil
            Lead.schema[name]?.assign(&item.draft, .null)
        }
    }

    /// Throws when the row is about a lead or a contact who does not want data about them collected.
    private func requireCollectible(_ item: LeadRows.Item, _ lookUps: ImportLookUps) throws {
        var people = Set<ContactID>()
        if let key = item.key, case .same(let known)? = try knownLead(key, item.draft, lookUps),
            let contact = known.contactID
        {
            people.insert(contact)
        }
        if let email = item.draft.email { people.formUnion(try tx.contacts.people(at: email)) }
        for person in people.sorted(by: { $0.text < $1.text }) {
            try tx.consents.requireCollectible(person, at: "/email")
        }
    }

    /// Filled cells overwrite; what they leave equal is not a change.
    private func update(
        _ old: Lead, with item: LeadRows.Item, of record: Import, _ chunk: inout LeadRows.Chunk
    ) throws -> RowOutcome {
        var values = item.values
        values["status"] = nil
        for name in ["tags", "pain_points"] {
            guard let added = values[name]?.array else { continue }
            let present = Lead.schema[name]?.json(old).array ?? []
            values[name] = .array(present + added.filter { !present.contains($0) })
        }
        var lead = old, faults = Faults()
        let changed = Lead.schema.patch(&lead, with: values, faults: &faults)
        try faults.throwIfAny(in: tx)
        guard !changed.isEmpty else { return .skipped }
        lead.derive()
        let declared = try declareFields(of: lead, beside: chunk.declared, by: record.actor)
        try lead.settleAge(replacing: old, by: chunk.plan, in: tx)
        try lead.link(replacing: old, in: tx, chunk.lookUps)
        chunk.lookUps.stores(lead)
        lead.version = old.version + 1
        lead.updatedAt = tx.now
        try Lead.resource.update(old, to: lead, in: tx)
        try tx.contacts.indexExternalIDs(of: lead.subject, from: old.externalIDs, to: lead.externalIDs)
        try note(lead.id, "updated", item.row, of: record)
        chunk.declared.formUnion(declared)
        chunk.tally.add(from: old, to: lead)
        let changes = Lead.resource.changes(from: old, to: lead)
        chunk.told.append(EventDraft("lead.updated", lead.subject, ["changed": JSON(changes.keys)]))
        if lead.lifecycleStage != old.lifecycleStage {
            let payload = Lead.lifecyclePayload(from: old.lifecycleStage, to: lead.lifecycleStage)
            chunk.told.append(EventDraft("lead.lifecycle_changed", lead.subject, payload))
        }
        return .updated(lead.id.untyped, before: Lead.resource.replaced(old, by: lead))
    }

    /// Finds the lead that is the same person: by the address, else by company and name where nothing contradicts.
    private func knownLead(_ key: DedupeKey, _ draft: Lead, _ lookUps: ImportLookUps) throws -> KnownLead? {
        var found: [Lead] = []
        // Most rows are of nobody known, which short statements tell that stay prepared.
        if let email = key.address, !lookUps.lackLead(address: email), try isKnown(leadOfAddress, email) {
            found = try Lead.resource.all(
                where: "email = \(email) AND status <> 'archived'", suffix: "ORDER BY row LIMIT 50", in: tx)
            // A personal address identifies its owner.
            if let lead = found.first, draft.email.flatMap({ EmailAddress($0) })?.isRole == false {
                return .same(lead)
            }
        }
        if found.isEmpty, let place = key.place, !lookUps.lackLead(place: place),
            try isKnown(leadOfPlace, place)
        {
            found = try Lead.resource.all(
                where: "identity_key = \(place) AND status <> 'archived'", suffix: "ORDER BY row LIMIT 50",
                in: tx)
        }
        let judged = found.map { ($0, draft.contradiction(to: $0)) }
        if let same = judged.first(where: { $0.1 == nil }) { return .same(same.0) }
        return judged.first.map { .other($0.0, contradiction: $0.1 ?? "") }
    }

    private func isKnown(_ statement: Statement, _ key: String) throws -> Bool {
        try tx.exists(statement, [tx.tenant.sqlValue, key.sqlValue])
    }

    private func note(_ lead: LeadID, _ action: String, _ row: Int, of record: Import) throws {
        try tx.run(
            insertLeadImport,
            [
                tx.tenant.sqlValue, lead.sqlValue, record.id.sqlValue, row.sqlValue, action.sqlValue,
                tx.now.sqlValue,
            ])
    }
}

private let leadOfAddress = Statement(
    "SELECT 1 FROM leads WHERE tenant_id = $1 AND email = $2 AND status <> 'archived' LIMIT 1")

private let leadOfPlace = Statement(
    "SELECT 1 FROM leads WHERE tenant_id = $1 AND identity_key = $2 AND status <> 'archived' LIMIT 1")

private let insertLeadImport = Statement(
    """
    INSERT INTO lead_imports (tenant_id, lead_id, import_id, data_row, action, at) VALUES ($1, $2, $3, $4, $5, $6)
    """)

/// A lead that an import's row is like.
private enum KnownLead {
    case same(Lead)
    case other(Lead, contradiction: String)
}
