internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// A chunk has to be brought in again, carefully: one of its rows was refused after it had written something,
/// or the chunk before it was refused.
struct ChunkRefused: Error {}

extension ImportStore where Base == Transaction {
    /// Writes one chunk of an import and where the next begins. A refused row leaves nothing behind: for that
    /// each row has a savepoint where `isCareful`, which costs a tenth, else the whole chunk is refused.
    func bringIn<Rows: RowImport>(
        _ batch: ImportBatch<Rows.Item>, of id: ID<Import>, _ rows: Rows, isCareful: Bool,
        isLast: Bool = false
    ) throws {
        let old = try Import.resource.get(id, in: tx)
        guard old.processed == batch.start else { throw ChunkRefused() }
        var record = old
        record.status = .running
        record.mapping = rows.mapping
        var chunk = try rows.begin(batch.items, of: record, in: tx)
        for item in batch.items {
            record.processed += 1
            var faults = item.faults, warnings = item.warnings
            if faults.isEmpty {
                do {
                    let outcome =
                        isCareful
                        ? try tx.attempt { try rows.bringIn(item, of: record, &chunk, in: tx) }
                        : try rows.bringIn(item, of: record, &chunk, in: tx)
                    switch outcome {
                    case .created(let made):
                        record.created += 1
                        try note(.created, made, row: item.row, before: [:], of: id)
                    case .createdBeside(let made, let warning):
                        record.created += 1
                        warnings.append(warning)
                        try note(.created, made, row: item.row, before: [:], of: id)
                    case .updated(let changed, let before):
                        record.updated += 1
                        try note(.updated, changed, row: item.row, before: before, of: id)
                    case .skipped:
                        record.skipped += 1
                        warnings = []
                    }
                } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
                    guard isCareful else { throw ChunkRefused() }
                    faults = problem.problem.rowFaults(item.row)
                }
            }
            if !faults.isEmpty {
                record.failed += 1
                try keep(faults, item.cells, of: id)
            } else if !warnings.isEmpty {
                record.warnings += 1
                try keep(warnings, item.cells, of: id, isWarning: true)
            }
        }
        try rows.end(chunk, in: tx)
        let touched = record.created + record.updated - old.created - old.updated
        record.checkpoint = batch.checkpoint
        record.progress = isLast ? 1 : batch.progress
        if isLast {
            try rows.finished(in: tx)
            record.status = .completed
            record.finishedAt = tx.now
            if record.failed > 0 {
                try tx.failures.book(
                    .init(
                        .file, record.resourceName, code: "rows_refused",
                        "Rows of imported files were refused; each has its reason.", count: record.failed))
            }
        }
        try save(old, &record)
        try tell(record, rows.noun, touched: touched, isLast: isLast)
    }

    private func keep(
        _ faults: [RowFault], _ cells: [String], of id: ID<Import>, isWarning: Bool = false
    ) throws {
        let kept = JSON(cells.map { String($0.prefix(1000)) }).serialized
        for (number, fault) in faults.enumerated() {
            try tx.run(
                """
                INSERT INTO import_errors (tenant_id, import_id, data_row, number, field, code, detail, cells, is_warning)
                VALUES (\(tx.tenant), \(id), \(fault.row), \(number), \(fault.field ?? ""), \(fault.code.rawValue),
                    \(fault.detail), \(kept), \(isWarning))
                """)
        }
    }

    /// One audit entry and one event for each chunk that changed something.
    private func tell(_ record: Import, _ noun: String, touched: Int, isLast: Bool) throws {
        let counts: JSON = [
            "resource": .string(record.resourceName),
            "processed": JSON(record.processed), "created": JSON(record.created),
            "updated": JSON(record.updated),
            "skipped": JSON(record.skipped), "failed": JSON(record.failed),
            "progress": .number(record.progress),
        ]
        if touched > 0 {
            var said: JSONObject = ["processed": JSON(record.processed)]
            said.append(record.resourceName, JSON(touched))
            try tx.auditLog.add(record.actor, "\(noun).imported", record.subject, .object(said))
        }
        try tx.publish("import.progressed", record.subject, counts)
        if isLast { try tx.publish("import.completed", record.subject, counts) }
    }
}

extension Problem {
    fileprivate func rowFaults(_ row: Int) -> [RowFault] {
        faults.isEmpty
            ? [RowFault(row: row, code: RowFault.Code(rawValue: type.code), detail: detail)]
            : faults.map { $0.rowFault(row) }
    }
}

extension Fault {
    /// Returns the fault as a fault of a file's row.
    package func rowFault(_ row: Int) -> RowFault {
        let field = pointer.split(separator: "/").joined(separator: ".")
        return RowFault(row: row, field: field, code: RowFault.Code(rawValue: code), detail: detail)
    }
}
