internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// The reading side of an import: rows of the spooled file, from the checkpoint on.
struct ImportFile<Kind: FileImportJob> {
    /// Rows handled in one closure: about ten milliseconds.
    private static var chunk: Int { 200 }
    /// Chunks that are on their way to the writer, which commits together what it has.
    private static var chunksAheadMax: Int { 6 }

    let kind: Kind
    let record: Import

    func bringIn(_ job: JobContext) async throws {
        let descriptor = open(record.spool, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileFault(.empty, "The uploaded file is no longer there; upload it again.")
        }
        defer { close(descriptor) }
        var file = try ImportRows(kind, record, descriptor, job)
        let (rows, id) = (file.rows, record.id)
        var ahead: [(batch: ImportBatch<Kind.Rows.Item>, write: SubmittedWrite<Void>)] = []
        var isCareful = false
        func settle() async throws {
            let (batch, write) = ahead.removeFirst()
            do { try await write.value() } catch is ChunkRefused {
                isCareful = true
                try await job.write { try $0.imports.bringIn(batch, of: id, rows, isCareful: true) }
            }
        }
        var batch = try file.next(Self.chunk)
        while batch.items.count == Self.chunk {
            try Task.checkCancellation()
            ahead.append(
                (
                    batch,
                    job.submit { [batch, isCareful] in
                        try $0.imports.bringIn(batch, of: id, rows, isCareful: isCareful)
                    }
                ))
            if ahead.count == Self.chunksAheadMax { try await settle() }
            batch = try file.next(Self.chunk)
        }
        while !ahead.isEmpty { try await settle() }
        let last = batch
        try await job.complete { try $0.imports.bringIn(last, of: id, rows, isCareful: true, isLast: true) }
    }
}

/// Rows of either format. Not sendable: it lives inside one attempt.
private struct ImportRows<Kind: FileImportJob> {
    private enum Source {
        case csv(CSVReader)
        case lines(JSONLinesReader)
    }

    let rows: Kind.Rows
    private var source: Source
    private let size: Double
    private var rowsRead: Int

    init(_ kind: Kind, _ record: Import, _ descriptor: Int32, _ job: JobContext) throws {
        let checkpoint = ImportCheckpoint(record.checkpoint)
        size = Double(max(1, record.size))
        rowsRead = record.processed
        if record.mediaType == "application/x-ndjson" {
            source = .lines(try JSONLinesReader(.file(descriptor), from: checkpoint))
            rows = try job.read { try kind.rows(of: record, header: nil, in: $0) }
            return
        }
        let reader = try CSVReader(.file(descriptor), from: checkpoint, naming: kind.names(ofFirst:))
        let rows = try job.read { try kind.rows(of: record, header: reader.header, in: $0) }
        guard rows.mapping.members.contains(where: { !$0.value.isNull }) else {
            throw FileFault(
                .malformedHeader,
                "The first line has no known column: map the columns to fields with mapping.")
        }
        (source, self.rows) = (.csv(reader), rows)
    }

    mutating func next(_ count: Int) throws -> ImportBatch<Kind.Rows.Item> {
        var batch = ImportBatch<Kind.Rows.Item>()
        batch.start = rowsRead
        defer { rowsRead += batch.items.count }
        batch.items.reserveCapacity(count)
        switch source {
        case .csv(var reader):
            var row = CSVRow()
            while batch.items.count < count, let item = try reader.next(into: &row) {
                switch item {
                case .row: batch.items.append(rows.item(row))
                case .fault(let code, let detail):
                    let fault = RowFault(row: row.number, code: code, detail: detail)
                    batch.items.append(rows.unreadable(fault, cells: row.texts))
                }
            }
            batch.checkpoint = reader.checkpoint.json
            batch.progress = min(1, Double(reader.offset) / size)
            source = .csv(reader)
        case .lines(var reader):
            while batch.items.count < count, let line = try reader.next() {
                switch line.content {
                case .object(let object):
                    batch.items.append(rows.item(object, row: line.number, excerpt: line.excerpt))
                case .fault(let code, let detail):
                    let fault = RowFault(row: line.number, code: code, detail: detail)
                    batch.items.append(rows.unreadable(fault, cells: [line.excerpt]))
                }
            }
            batch.checkpoint = reader.checkpoint.json
            batch.progress = min(1, Double(reader.offset) / size)
            source = .lines(reader)
        }
        return batch
    }
}
