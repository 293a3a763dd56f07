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
                try await job.write(advancing: true) {
                    try $0.imports.bringIn(batch, of: id, rows, isCareful: true)
                }
            }
        }
        var batch = try await file.next(Self.chunk)
        while batch.items.count == Self.chunk {
            try Task.checkCancellation()
            ahead.append(
                (
                    batch,
                    job.submit(advancing: true) { [batch, isCareful] in
                        try $0.imports.bringIn(batch, of: id, rows, isCareful: isCareful)
                    }
                ))
            if ahead.count == Self.chunksAheadMax { try await settle() }
            batch = try await file.next(Self.chunk)
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

    mutating func next(_ count: Int) async throws -> ImportBatch<Kind.Rows.Item> {
        var batch = ImportBatch<Kind.Rows.Item>()
        batch.start = rowsRead
        batch.items.reserveCapacity(count)
        while batch.items.count < count {
            let lines = try read(count - batch.items.count)
            guard !lines.isEmpty else { break }
            let rows = rows
            let items = await lines.mappedInHalves { $0.item(of: rows) }
            batch.items += items
        }
        rowsRead += batch.items.count
        let (checkpoint, offset) =
            switch source {
            case .csv(let reader): (reader.checkpoint, reader.offset)
            case .lines(let reader): (reader.checkpoint, reader.offset)
            }
        batch.checkpoint = checkpoint.json
        batch.progress = min(1, Double(offset) / size)
        return batch
    }

    /// Reads up to `count` lines, or as many as are to be held before they are normalised; none at the end.
    private mutating func read(_ count: Int) throws -> [ImportLine] {
        var lines: [ImportLine] = []
        lines.reserveCapacity(count)
        switch source {
        case .csv(var reader):
            let end = reader.offset + heldBytesMax
            var row = CSVRow()
            while lines.count < count, reader.offset < end, let item = try reader.next(into: &row) {
                switch item {
                case .row: lines.append(.row(row))
                case .fault(let code, let detail):
                    let fault = RowFault(row: row.number, code: code, detail: detail)
                    lines.append(.unreadable(fault, cells: row.texts))
                }
            }
            source = .csv(reader)
        case .lines(var reader):
            let end = reader.offset + heldBytesMax
            while lines.count < count, reader.offset < end, let line = try reader.next() {
                switch line.content {
                case .object(let object):
                    lines.append(.object(object, row: line.number, excerpt: line.excerpt))
                case .fault(let code, let detail):
                    let fault = RowFault(row: line.number, code: code, detail: detail)
                    lines.append(.unreadable(fault, cells: [line.excerpt]))
                }
            }
            source = .lines(reader)
        }
        return lines
    }
}

/// Lines of a megabyte each are not to fill the memory, two hundred at a time.
private let heldBytesMax: Int64 = 1 << 20

/// A row as it stands in the file.
private enum ImportLine: Sendable {
    case row(CSVRow)
    case object(JSONObject, row: Int, excerpt: String)
    case unreadable(RowFault, cells: [String])

    func item<Rows: RowImport>(of rows: Rows) -> Rows.Item {
        switch self {
        case .row(let row): rows.item(row)
        case .object(let object, let row, let excerpt): rows.item(object, row: row, excerpt: excerpt)
        case .unreadable(let fault, let cells): rows.unreadable(fault, cells: cells)
        }
    }
}

extension Array where Element: Sendable {
    /// Maps one half beside the other; the order stays.
    func mappedInHalves<Mapped: Sendable>(
        _ transform: @escaping @Sendable (Element) -> Mapped
    ) async -> [Mapped] {
        let middle = count / 2
        async let second = self[middle...].map(transform)
        let first = self[..<middle].map(transform)
        return await first + second
    }
}
