internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

extension Transaction {
    /// Writes one chunk of an import and where the next begins.
    func bringIn(_ batch: ImportBatch, of id: ID<Import>, mapping: JSONObject, isLast: Bool) throws {
        let old = try Import.resource.get(id, in: self)
        var record = old
        record.status = .running
        record.mapping = mapping
        var declared = Set(try customFields(of: .lead).keys)
        var touched: [String] = []
        for item in batch.items {
            record.processed += 1
            var faults = item.lead.faults
            if faults.isEmpty {
                do {
                    let outcome = try attempt { try bringIn(item.lead, of: record, &declared) }
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
                    faults = problem.problem.rowFaults(item.lead.row)
                }
            }
            if !faults.isEmpty {
                record.failed += 1
                try keep(faults, item.cells, of: id)
            }
        }
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

    private func bringIn(_ row: ImportedLead, of record: Import, _ declared: inout Set<String>) throws -> RowOutcome {
        if record.dedupe != .create, let key = row.dedupeKey, let known = try knownLead(key) {
            return record.dedupe == .skip ? .skipped : try update(known, with: row, of: record)
        }
        var lead = Lead.new(id: runtime.nextID(), now: now), faults = Faults()
        Lead.schema.create(&lead, from: row.values, faults: &faults)
        try faults.throwIfAny()
        lead.clientID = lead.clientID ?? record.clientID
        for key in lead.custom.keys where declared.insert(key).inserted {
            try declareCustomFields([key: lead.custom[key] ?? .null], for: .lead, by: record.actor)
        }
        try lead.prepareFromFile(in: self)
        try Lead.resource.insert(&lead, in: self)
        try lead.saved(replacing: nil, by: record.actor, in: self)
        try note(lead.id, "created", row.row, of: record)
        return .created(lead.id.text)
    }

    /// Filled cells overwrite; what they leave equal is not a change.
    private func update(_ old: Lead, with row: ImportedLead, of record: Import) throws -> RowOutcome {
        var values = row.values
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
        try lead.prepareFromFile(replacing: old, in: self)
        lead.version = old.version + 1
        lead.updatedAt = now
        try Lead.resource.update(old, to: lead, in: self)
        try lead.saved(replacing: old, by: record.actor, in: self)
        try note(lead.id, "updated", row.row, of: record)
        return .updated(lead.id.text)
    }

    /// The lead that is the same person: by address, else by firm and name.
    private func knownLead(_ key: DedupeKey) throws -> Lead? {
        if let email = key.email, !email.contains(" "),
            let lead = try Lead.resource.first(
                where: "email = \(email) AND status <> 'archived'", suffix: "ORDER BY id LIMIT 1", in: self)
        {
            return lead
        }
        guard let place = key.place else { return nil }
        return try Lead.resource.first(
            where: "identity_key = \(place) AND status <> 'archived'", suffix: "ORDER BY id LIMIT 1", in: self)
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
            "processed": JSON(record.processed), "created": JSON(record.created), "updated": JSON(record.updated),
            "skipped": JSON(record.skipped), "failed": JSON(record.failed), "progress": .number(record.progress),
        ]
        if touched > 0 { try audit(record.actor, "lead.imported", record.subject, ["leads": JSON(touched), "processed": JSON(record.processed)]) }
        try publish("import.progressed", record.subject, counts)
        if isLast { try publish("import.completed", record.subject, counts) }
    }
}

private let insertLeadImport = Statement(
    """
    INSERT INTO lead_imports (tenant_id, lead_id, import_id, data_row, action, at) VALUES ($1, $2, $3, $4, $5, $6)
    """)

extension Lead {
    /// What `prepare` does for one lead, less what an import has done for the whole file.
    fileprivate mutating func prepareFromFile(replacing old: Lead? = nil, in tx: Transaction) throws {
        if Self.qualifiedStatuses.contains(status), qualifiedAt == nil { qualifiedAt = tx.now }
        identityKey = DedupeKey(email: email, website: website, contactName: contactName, company: company).place
        try link(replacing: old, in: tx)
    }
}

extension Problem {
    fileprivate func rowFaults(_ row: Int) -> [RowFault] {
        guard !faults.isEmpty else { return [RowFault(row: row, code: .invalidChoice, detail: detail)] }
        return faults.map { fault in
            let field = fault.pointer.split(separator: "/").joined(separator: ".")
            return RowFault(row: row, field: field, code: RowFault.Code(rawValue: fault.code) ?? .wrongType, detail: fault.detail)
        }
    }
}
