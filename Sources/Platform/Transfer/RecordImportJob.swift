package import Agents
package import Database
package import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Brings a file of records in, each through its resource's own rules.
package struct RecordImportJob<R: ManagedRecord>: FileImportJob {
    /// Stored in the rows of jobs: tables are never renamed.
    package static var kind: String { "import.\(R.resource.table)" }

    private let transfer: Transfer<R>

    package init(_ transfer: Transfer<R>) { self.transfer = transfer }

    package func names(ofFirst cells: [String]) -> [String]? {
        let fields = cells.map(transfer.bareField)
        guard fields.contains(where: { $0 != nil }) else { return nil }
        var seen: Set<String> = []
        return fields.enumerated().map { index, field in
            field.flatMap { seen.insert($0).inserted ? $0 : nil } ?? "Column \(index + 1)"
        }
    }

    package func rows(of record: Import, header: [String]?, in reader: Reader) throws -> RecordRows<R> {
        let tenant = try reader.agency.tenant()
        let country = (record.country ?? tenant.country).flatMap { Country($0) }
        let setting = TransferReading<R>.Setting(
            country: country, currency: Currency(tenant.currency) ?? .dollar,
            time: WrittenTime(
                zone: TimeZoneRules(named: tenant.timeZone) ?? .utc,
                isMonthFirst: country.map { ["US", "PH", "PR"].contains($0.code) }
                    ?? (tenant.currency == "USD")),
            customKinds: try transfer.members(reader).customKinds)
        let columns = header.map { TransferColumns($0, explicit: record.explicitMapping, transfer) }
        return RecordRows(
            reading: TransferReading(
                transfer: transfer, columns: columns, explicit: record.explicitMapping, setting: setting),
            mapping: columns?.report ?? [:])
    }
}

/// Rows as records.
package struct RecordRows<R: ManagedRecord>: RowImport {
    let reading: TransferReading<R>
    package let mapping: JSONObject
    package var noun: String { R.resource.noun }
    private var transfer: Transfer<R> { reading.transfer }
    private var resource: Resource<R> { reading.transfer.resource }

    package func item(_ row: CSVRow) -> TransferRow { reading.row(row) }

    package func item(_ object: JSONObject, row: Int, excerpt: String) -> TransferRow {
        reading.row(object, number: row, excerpt: excerpt)
    }

    package func unreadable(_ fault: RowFault, cells: [String]) -> TransferRow {
        var row = TransferRow(row: fault.row, cells: cells, isOwn: false)
        row.faults = [fault]
        return row
    }

    package func finished(in tx: Transaction) throws {
        func compare<M: Matchable>(_ type: M.Type) throws { try tx.duplicates.compareLater(type) }
        if let matchable = R.self as? any Matchable.Type { try compare(matchable) }
    }

    package func begin(_ items: [TransferRow], of record: Import, in tx: Transaction) {}
    package func end(_ chunk: Void, in tx: Transaction) {}

    package func bringIn(
        _ item: TransferRow, of record: Import, _ chunk: inout Void, in tx: Transaction
    ) throws -> RowOutcome {
        guard !item.isLeftOut else { return .skipped }
        var row = item
        let unmet = try resolve(&row, record.actor, in: tx)
        let isOfOwnClient = row.values["client_id"] != nil
        if !isOfOwnClient, let client = record.clientID { row.values["client_id"] = JSON(client) }
        keepLeftovers(&row)
        var draft = R(), faults = Faults()
        resource.schema.create(&draft, from: row.values, faults: &faults)
        try faults.throwIfAny(in: tx)
        draft.derive()
        try transfer.complete(&draft, row, reading.setting.time, tx)
        if record.dedupe != .create, let id = try transfer.known(draft, tx) {
            guard record.dedupe == .update else { return .skipped }
            for reference in unmet {
                row.values[reference.field] = try made(reference, row, record.actor, tx)
            }
            let old = try resource.get(id, in: tx)
            // On whose behalf a file is says nothing of those who are another client's.
            if !isOfOwnClient, resource.schema["client_id"]?.json(old).isNull == false {
                row.values["client_id"] = nil
            }
            return try update(old, with: row, by: record.actor, in: tx)
        }
        for reference in unmet {
            if let id = try made(reference, row, record.actor, tx) {
                resource.schema[reference.field]?.assign(&draft, id)
            }
        }
        draft.beginLife(id: tx.nextID(), now: tx.now)
        try transfer.create(&draft, record.actor, tx)
        return .created(draft.id.untyped)
    }

    /// Filled cells overwrite; what they leave equal is not a change, and what is set once stays.
    private func update(
        _ old: R, with row: TransferRow, by actor: Actor, in tx: Transaction
    ) throws -> RowOutcome {
        var values = row.values
        for (name, value) in row.values.members {
            guard let field = resource.schema[name], !field.isWriteOnce else {
                values[name] = nil
                continue
            }
            if case .texts = field.kind, let added = value.array {
                let present = field.json(old).array ?? []
                values[name] = .array(present + added.filter { !present.contains($0) })
            }
        }
        var new = old, faults = Faults()
        _ = resource.schema.patch(&new, with: values, faults: &faults)
        try faults.throwIfAny(in: tx)
        return try transfer.change(old, &new, actor, tx)
            ? .updated(old.id.untyped, before: resource.replaced(old, by: new)) : .skipped
    }
}

// MARK: - References

extension RecordRows {
    /// Puts identifiers where the file says who is meant in another way. Answers the references whose records
    /// have to be made first.
    private func resolve(
        _ row: inout TransferRow, _ actor: Actor, in tx: Transaction
    ) throws -> [TransferReference] {
        var unmet: [TransferReference] = [], faults = Faults()
        for reference in transfer.references {
            let given = given(reference, row)
            if let id = row.values[reference.field]?.text {
                if try reference.exists(tx, id) { continue }
                row.values[reference.field] = nil
            } else if row.isOwn {
                // Our own export would have said it.
                continue
            } else if given.isEmpty {
                if resource.schema[reference.field]?.isRequired == true {
                    faults.add(
                        "/\(reference.columns[0])", "required",
                        "\(reference.columns[0]) is required: fill it in.")
                }
                continue
            }
            if let id = try reference.find(tx, given) {
                row.values[reference.field] = .string(id.description)
            } else if reference.make != nil, !given.isEmpty {
                unmet.append(reference)
            } else if reference.isLenient {
                guard !row.isOwn else { continue }
                for (column, text) in given.sorted(by: { $0.key < $1.key })
                where resource.schema[column] == nil { row.leave(text, from: column) }
            } else {
                let what = given.values.sorted().joined(separator: ", ")
                let column = reference.columns.first { given[$0] != nil } ?? reference.field
                faults.add(
                    "/\(column)", "unknown_reference",
                    "'\(what.prefix(100))' does not exist: import it first.")
            }
        }
        try faults.throwIfAny()
        return unmet
    }

    private func given(_ reference: TransferReference, _ row: TransferRow) -> [String: String] {
        var given: [String: String] = [:]
        for column in reference.columns { given[column] = row.given[column] ?? row.values[column]?.text }
        return given
    }

    private func made(
        _ reference: TransferReference, _ row: TransferRow, _ actor: Actor, _ tx: Transaction
    ) throws -> JSON? {
        try reference.make?(tx, given(reference, row), actor).map { .string($0.description) }
    }

    private func keepLeftovers(_ row: inout TransferRow) {
        guard let name = transfer.leftovers, !row.leftovers.isEmpty else { return }
        let present = row.values[name]?.text.map { [$0] } ?? []
        var text = (present + row.leftovers).joined(separator: "\n")
        if case .text(let max) = resource.schema[name]?.kind {
            text = String(text.unicodeScalars.prefix(max))
        }
        row.values[name] = .string(text)
    }
}
