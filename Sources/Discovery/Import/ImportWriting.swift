internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// A chunk has to be brought in again, carefully: one of its rows was refused after it had written something, or
/// the chunk before it was refused.
struct ChunkRefused: Error {}

extension Transaction {
    /// Writes one chunk of an import and where the next begins. A refused row leaves nothing behind: for that each
    /// row has a savepoint where `isCareful`, which costs a tenth, else the whole chunk is refused.
    func bringIn(
        _ batch: ImportBatch, of id: ID<Import>, _ mapping: JSONObject, isCareful: Bool, isLast: Bool = false
    ) throws {
        let old = try Import.resource.get(id, in: self)
        guard old.processed == batch.start else { throw ChunkRefused() }
        var record = old
        record.status = .running
        record.mapping = mapping
        var declared = Set(try customFields(of: .lead).keys)
        var touched: [String] = [], tally = LeadTally()
        for item in batch.items {
            record.processed += 1
            var faults = item.faults
            if faults.isEmpty {
                do {
                    let outcome =
                        isCareful
                        ? try attempt { try bringIn(item, of: record, &declared, &tally) }
                        : try bringIn(item, of: record, &declared, &tally)
                    switch outcome {
                    case .created(let lead):
                        record.created += 1
                        touched.append(lead)
                    case .updated(let lead):
                        record.updated += 1
                        touched.append(lead)
                    case .skipped: record.skipped += 1
                    }
                } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
                    guard isCareful else { throw ChunkRefused() }
                    faults = problem.problem.rowFaults(item.row)
                }
            }
            if !faults.isEmpty {
                record.failed += 1
                try keep(faults, item.cells, of: id)
            }
        }
        try tally.count(in: self)
        record.checkpoint = batch.checkpoint
        record.progress = isLast ? 1 : batch.progress
        if isLast {
            record.status = .completed
            record.finishedAt = now
        }
        try save(old, &record)
        try tell(record, touched: touched.count, isLast: isLast)
    }

    private enum RowOutcome {
        case created(String), updated(String), skipped
    }

    private func bringIn(
        _ item: ImportBatch.Item, of record: Import, _ declared: inout Set<String>, _ tally: inout LeadTally
    ) throws -> RowOutcome {
        if record.dedupe != .create, let key = item.key, let known = try knownLead(key) {
            return record.dedupe == .skip
                ? .skipped : try update(Lead.resource.get(known, in: self), with: item, of: record, &tally)
        }
        var lead = item.draft
        lead.beginLife(id: nextID(), now: now)
        for key in lead.custom.keys where declared.insert(key).inserted {
            try declareCustomFields([key: lead.custom[key] ?? .null], for: .lead, by: record.actor)
        }
        if Lead.qualifiedStatuses.contains(lead.status) { lead.qualifiedAt = now }
        try lead.link(replacing: nil, in: self)
        try Lead.resource.insert(&lead, in: self)
        try indexExternalIDs(of: lead.subject, from: [:], to: lead.externalIDs)
        try note(lead.id, "created", item.row, of: record)
        tally.add(from: nil, to: lead)
        return .created(lead.id.text)
    }

    /// Filled cells overwrite; what they leave equal is not a change.
    private func update(
        _ old: Lead, with item: ImportBatch.Item, of record: Import, _ tally: inout LeadTally
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
        try faults.throwIfAny()
        guard !changed.isEmpty else { return .skipped }
        lead.derive()
        try lead.link(replacing: old, in: self)
        lead.version = old.version + 1
        lead.updatedAt = now
        try Lead.resource.update(old, to: lead, in: self)
        try indexExternalIDs(of: lead.subject, from: old.externalIDs, to: lead.externalIDs)
        try note(lead.id, "updated", item.row, of: record)
        tally.add(from: old, to: lead)
        return .updated(lead.id.text)
    }

    /// The lead that is the same person: by address, else by firm and name.
    private func knownLead(_ key: DedupeKey) throws -> ID<Lead>? {
        if let email = key.email, !email.contains(" "),
            let id = try first(leadByEmail, [tenant.sqlValue, email.sqlValue], { ID<Lead>($0.text(0)) })
        {
            return id
        }
        guard let place = key.place else { return nil }
        return try first(leadByIdentity, [tenant.sqlValue, place.sqlValue]) { ID<Lead>($0.text(0)) } ?? nil
    }

    private func note(_ lead: ID<Lead>, _ action: String, _ row: Int, of record: Import) throws {
        try run(
            insertLeadImport,
            [tenant.sqlValue, lead.sqlValue, record.id.sqlValue, row.sqlValue, action.sqlValue, now.sqlValue])
    }

    private func keep(_ faults: [RowFault], _ cells: [String], of id: ID<Import>) throws {
        let kept = JSON(cells.map { String($0.prefix(1000)) }).serialized
        for (number, fault) in faults.enumerated() {
            try run(
                """
                INSERT INTO import_errors (tenant_id, import_id, data_row, number, field, code, detail, cells)
                VALUES (\(tenant), \(id), \(fault.row), \(number), \(fault.field ?? ""), \(fault.code.rawValue),
                    \(fault.detail), \(kept))
                """)
        }
    }

    /// One audit entry and one event for each chunk that changed something.
    private func tell(_ record: Import, touched: Int, isLast: Bool) throws {
        let counts: JSON = [
            "processed": JSON(record.processed), "created": JSON(record.created),
            "updated": JSON(record.updated),
            "skipped": JSON(record.skipped), "failed": JSON(record.failed),
            "progress": .number(record.progress),
        ]
        if touched > 0 {
            try audit(
                record.actor, "lead.imported", record.subject,
                ["leads": JSON(touched), "processed": JSON(record.processed)])
        }
        try publish("import.progressed", record.subject, counts)
        if isLast { try publish("import.completed", record.subject, counts) }
    }
}

private let insertLeadImport = Statement(
    """
    INSERT INTO lead_imports (tenant_id, lead_id, import_id, data_row, action, at) VALUES ($1, $2, $3, $4, $5, $6)
    """)

private let leadByEmail = Statement(
    "SELECT id FROM leads WHERE tenant_id = $1 AND email = $2 AND status <> 'archived' ORDER BY row LIMIT 1")

private let leadByIdentity = Statement(
    "SELECT id FROM leads WHERE tenant_id = $1 AND identity_key = $2 AND status <> 'archived' ORDER BY row LIMIT 1"
)

extension Problem {
    fileprivate func rowFaults(_ row: Int) -> [RowFault] {
        faults.isEmpty
            ? [RowFault(row: row, code: .invalidChoice, detail: detail)] : faults.map { $0.rowFault(row) }
    }
}

extension Fault {
    /// As a fault of a file's row.
    func rowFault(_ row: Int) -> RowFault {
        let field = pointer.split(separator: "/").joined(separator: ".")
        return RowFault(
            row: row, field: field, code: RowFault.Code(rawValue: code) ?? .wrongType, detail: detail)
    }
}
