internal import Database
internal import Glibc
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// The reading side of an import: rows of the spooled file, from the checkpoint on, as leads.
struct ImportFile: Sendable {
    /// What the agency's own settings say about reading.
    struct Setting: Sendable {
        let defaults: RowNormaliser.Defaults

        init(_ record: Import, in reader: Reader) throws {
            let tenant = try reader.ownTenant()
            let kinds = try reader.customFields(of: .lead).mapValues { field -> RowNormaliser.CustomKind in
                switch field.type {
                case .number: .number
                case .boolean: .flag
                case .text, .choice: .text
                }
            }
            defaults = RowNormaliser.Defaults(
                country: (record.country ?? tenant.country).flatMap { Country($0) },
                currency: Currency(tenant.currency) ?? .dollar, customKinds: kinds)
        }
    }

    /// Rows handled in one closure: about ten milliseconds.
    private static let chunk = 200
    /// Chunks that are on their way to the writer, which commits together what it has.
    private static let chunksAheadMax = 6

    private let record: Import
    private let setting: Setting
    private let explicit: HeaderMapping.Explicit

    init(_ record: Import, _ setting: Setting) throws {
        self.record = record
        self.setting = setting
        explicit = try HeaderMapping.Explicit(.object(record.explicitMapping))
    }

    func bringIn(_ job: JobContext) async throws {
        let descriptor = open(record.spool, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileFault(.empty, "The uploaded file is no longer there; upload it again.")
        }
        defer { close(descriptor) }
        var rows = try ImportRows(record, descriptor, explicit, setting)
        let id = record.id
        let mapping = rows.mapping
        var ahead: [(batch: ImportBatch, write: SubmittedWrite<Void>)] = []
        var isCareful = false
        func settle() async throws {
            let (batch, write) = ahead.removeFirst()
            do { try await write.value() } catch is ChunkRefused {
                isCareful = true
                try await job.write { try $0.bringIn(batch, of: id, mapping, isCareful: true) }
            }
        }
        var batch = try rows.next(Self.chunk)
        while batch.items.count == Self.chunk {
            try Task.checkCancellation()
            ahead.append(
                (
                    batch,
                    job.submit { [batch, isCareful] in
                        try $0.bringIn(batch, of: id, mapping, isCareful: isCareful)
                    }
                ))
            if ahead.count == Self.chunksAheadMax { try await settle() }
            batch = try rows.next(Self.chunk)
        }
        while !ahead.isEmpty { try await settle() }
        let last = batch
        try await job.complete { try $0.bringIn(last, of: id, mapping, isCareful: true, isLast: true) }
    }
}

/// A chunk of rows, read, normalised and checked: what the writer need not do.
struct ImportBatch: Sendable {
    struct Item: Sendable {
        let row: Int
        /// Filled fields only; an update overwrites with these.
        let values: JSONObject
        /// The lead as it would be made; its own identity is given to it when it is stored.
        let draft: Lead
        let key: DedupeKey?
        let faults: [RowFault]
        /// The row's own cells, kept when it has faults.
        let cells: [String]

        init(_ lead: ImportedLead, clientID: String?, cells: () -> [String]) {
            row = lead.row
            values = lead.values
            key = lead.dedupeKey
            var draft = Lead(), found = Faults(), faults = lead.faults
            if faults.isEmpty {
                Lead.schema.create(&draft, from: lead.values, isNormal: true, faults: &found)
                faults = found.list.map { $0.rowFault(lead.row) }
            }
            draft.clientID = draft.clientID ?? clientID
            draft.identityKey = key?.place
            self.draft = draft
            self.faults = faults
            self.cells = faults.isEmpty ? [] : cells()
        }
    }

    var items: [Item] = []
    /// Rows of the file before these.
    var start = 0
    var checkpoint = JSON.null
    /// 0–1 of the file.
    var progress = 0.0
}

/// Rows of either format. Not sendable: it lives inside one attempt.
private struct ImportRows {
    private enum Source {
        case csv(CSVReader, RowNormaliser)
        case lines(JSONLinesReader, RowNormaliser)
    }

    private var source: Source
    private let size: Double
    private let clientID: String?
    private var rowsRead: Int
    let mapping: JSONObject

    init(
        _ record: Import, _ descriptor: Int32, _ explicit: HeaderMapping.Explicit,
        _ setting: ImportFile.Setting
    ) throws {
        let checkpoint = ImportCheckpoint(record.checkpoint)
        size = Double(max(1, record.size))
        clientID = record.clientID
        rowsRead = record.processed
        if record.mediaType == "application/x-ndjson" {
            let reader = try JSONLinesReader(.file(descriptor), from: checkpoint)
            source = .lines(reader, RowNormaliser(jsonLines: explicit, setting.defaults))
            mapping = [:]
            return
        }
        let reader = try CSVReader(.file(descriptor), from: checkpoint)
        let mapping = HeaderMapping(reader.header, explicit: explicit)
        guard !mapping.isEmpty else {
            throw FileFault(
                .malformedHeader, "No column of the first line is known. Name the columns by mapping.")
        }
        source = .csv(reader, RowNormaliser(mapping, setting.defaults))
        self.mapping = mapping.report.object ?? [:]
    }

    mutating func next(_ count: Int) throws -> ImportBatch {
        var batch = ImportBatch()
        batch.start = rowsRead
        defer { rowsRead += batch.items.count }
        batch.items.reserveCapacity(count)
        switch source {
        case .csv(var reader, let normaliser):
            var row = CSVRow()
            while batch.items.count < count, let item = try reader.next(into: &row) {
                switch item {
                case .row:
                    batch.items.append(.init(normaliser.lead(row), clientID: clientID) { row.texts })
                case .fault(let code, let detail):
                    batch.items.append(
                        .init(.unreadable(row.number, code, detail), clientID: clientID) { row.texts })
                }
            }
            batch.checkpoint = reader.checkpoint.json
            batch.progress = min(1, Double(reader.offset) / size)
            source = .csv(reader, normaliser)
        case .lines(var reader, let normaliser):
            while batch.items.count < count, let line = try reader.next() {
                switch line.content {
                case .object(let object):
                    let lead = normaliser.lead(object, row: line.number)
                    batch.items.append(.init(lead, clientID: clientID) { [line.excerpt] })
                case .fault(let code, let detail):
                    let lead = ImportedLead.unreadable(line.number, code, detail)
                    batch.items.append(.init(lead, clientID: clientID) { [line.excerpt] })
                }
            }
            batch.checkpoint = reader.checkpoint.json
            batch.progress = min(1, Double(reader.offset) / size)
            source = .lines(reader, normaliser)
        }
        return batch
    }
}

extension ImportedLead {
    fileprivate static func unreadable(_ row: Int, _ code: RowFault.Code, _ detail: String) -> ImportedLead {
        ImportedLead(
            row: row, values: [:], faults: [RowFault(row: row, code: code, detail: detail)], notices: [])
    }
}
