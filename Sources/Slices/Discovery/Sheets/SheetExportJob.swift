internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Wire

/// Writes a list of leads into a tab of a spreadsheet: those that are there by their identifiers are written over, the
/// others put below. Begun again, it writes nothing twice.
struct SheetExportJob: JobKind {
    struct Payload: Codable, Sendable {
        let integration: IntegrationID
        let tab: String
        /// The list's filters.
        let query: [[String]]
    }

    static let kind = "leads.to_sheet"
    private static let rowsAtOnce = 200

    let integrations: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(1800) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let found = try job.read { try Integration.resource.find(payload.integration, in: $0) }
        guard let integration = found,
            let sheet = try integrations.sheet(
                of: integration, job.tenant, for: ToolCaller(actor: .system, subject: integration.subject))
        else { throw JobFailure.terminal("disabled", "the integration no longer exists") }
        do {
            try await write(payload, sheet, job)
        } catch let failure as ToolFailure {
            throw failure.jobFailure
        }
    }

    private func write(_ payload: Payload, _ sheet: SheetClient, _ job: JobContext) async throws {
        let fields = Lead.resource.fields.filter { !$0.isSecret }.map(\.name).filter { $0 != "id" }
        let header = (["id"] + fields).map { JSON.string($0) }, tab = payload.tab
        if !(try await sheet.tabs().contains(tab)) { try await sheet.addTab(tab) }
        let keys = try await sheet.rows(SheetClient.range(tab, "A:A"))
        var known: [String: Int] = [:]
        for (index, row) in keys.enumerated() {
            if let id = row.first?.text, !id.isEmpty { known[id] = index + 1 }
        }
        if keys.isEmpty {
            try await sheet.append([header], to: tab)
        } else {
            try await sheet.overwrite([(1, header)], in: tab)
        }
        let query = payload.query.map { QueryItem(name: $0[0], value: $0[1]) }
        var place: Cursor?
        repeat {
            let from = place
            let (rows, end) = try job.read { reader in
                var rows: [JSON] = []
                let list = try ListQuery(Lead.resource, query, dialect: reader.dialect)
                let writer = Lead.resource.rowWriter
                let end = try list.rows(writer.columns, limit: Self.rowsAtOnce, after: from, in: reader) {
                    row in
                    let output = OutputBuffer()
                    writer.write(row, to: output)
                    rows.append(JSON(stored: String(decoding: output.bytes, as: UTF8.self)))
                }
                return (rows, end.count == Self.rowsAtOnce ? end.end : nil)
            }
            var over: [(number: Int, cells: [JSON])] = [], new: [[JSON]] = []
            for lead in rows {
                let id = lead["id"]?.text ?? ""
                let cells = [JSON.string(id)] + fields.map { Self.cell(lead[$0] ?? .null) }
                if let number = known[id] { over.append((number, cells)) } else { new.append(cells) }
            }
            try await sheet.overwrite(over, in: tab)
            if !new.isEmpty { try await sheet.append(new, to: tab) }
            place = end
        } while place != nil
        try await job.complete { _ in }
    }

    /// A value as a cell has it: what is nothing clears the cell, and what has parts is written out.
    private static func cell(_ value: JSON) -> JSON {
        if value.isNull { return "" }
        if let amount = value["amount"]?.int, let code = value["currency"]?.text,
            let currency = Currency(code)
        {
            return .string(AmountText.format(amount, currency))
        }
        if let items = value.array, items.allSatisfy({ $0.text != nil }) {
            return .string(items.compactMap(\.text).joined(separator: ", "))
        }
        if value.array != nil || value.object != nil {
            return .string(String(value.serialized.prefix(50_000)))
        }
        return value.text.map { .string(String($0.prefix(50_000))) } ?? value
    }
}
