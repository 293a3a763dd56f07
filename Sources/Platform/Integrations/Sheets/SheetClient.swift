package import Agents
package import Database
package import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The cells of a spreadsheet, as Google Sheets has them: read by ranges, written as they are, so that nothing in them
/// is run as a formula.
package struct SheetClient: Sendable {
    package static let provider = "google_sheets"

    private let client: ConnectorClient
    private static let root = "/v4/spreadsheets/{{ settings.spreadsheet }}"

    fileprivate init(_ client: ConnectorClient) { self.client = client }

    /// Returns the names of the spreadsheet's tabs.
    package func tabs() async throws -> [String] {
        let question = ConnectorQuestion(
            method: "GET", path: ConnectorText(Self.root),
            query: [("fields", ConnectorText("sheets.properties"))])
        let answer = try await ask(question, [:])
        return (answer["sheets"]?.array ?? []).compactMap { $0["properties"]?["title"]?.text }
    }

    /// Returns the rows of a range, each as wide as the first: the service leaves out what is empty at the end.
    package func rows(_ range: String) async throws -> [[JSON]] {
        let question = ConnectorQuestion(
            method: "GET", path: ConnectorText("\(Self.root)/values/{{ range }}"),
            query: [
                ("majorDimension", ConnectorText("ROWS")),
                ("valueRenderOption", ConnectorText("UNFORMATTED_VALUE")),
                ("dateTimeRenderOption", ConnectorText("FORMATTED_STRING")),
            ])
        let answer = try await ask(question, ["range": .string(range)])
        // Without cells it names the range all the same: an empty document is no empty sheet.
        guard answer["range"] != nil, let rows = (answer["values"] ?? []).array,
            rows.allSatisfy({ $0.array != nil })
        else {
            throw ToolFailure("invalid_answer", "the answer has no rows of cells", isRetryable: false)
        }
        let width = rows.first?.array?.count ?? 0
        return rows.map { row in
            let cells = row.array ?? []
            return cells + [JSON](repeating: "", count: max(0, width - cells.count))
        }
    }

    package func addTab(_ name: String) async throws {
        let request: JSON = ["requests": [["addSheet": ["properties": ["title": .string(name)]]]]]
        _ = try await write(
            ConnectorQuestion(method: "POST", path: ConnectorText("\(Self.root):batchUpdate")), [:], request)
    }

    /// Puts rows below the table of a tab.
    package func append(_ rows: [[JSON]], to tab: String) async throws {
        let range = Self.range(tab, "A1")
        let question = ConnectorQuestion(
            method: "POST", path: ConnectorText("\(Self.root)/values/{{ range }}:append"),
            query: [
                ("valueInputOption", ConnectorText("RAW")),
                ("insertDataOption", ConnectorText("INSERT_ROWS")),
                ("includeValuesInResponse", ConnectorText("false")),
            ])
        _ = try await write(question, ["range": .string(range)], Self.values(rows, range))
    }

    /// Writes over rows of a tab, by their numbers from 1.
    package func overwrite(_ rows: [(number: Int, cells: [JSON])], in tab: String) async throws {
        guard !rows.isEmpty else { return }
        let data = rows.map { Self.values([$0.cells], Self.range(tab, "A\($0.number)")) }
        let body: JSON = ["valueInputOption": "RAW", "data": .array(data)]
        _ = try await write(
            ConnectorQuestion(method: "POST", path: ConnectorText("\(Self.root)/values:batchUpdate")), [:],
            body)
    }

    /// A range of a tab, whose name may have any signs.
    package static func range(_ tab: String, _ cells: String) -> String {
        let isPlain = tab.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
        return (isPlain && !tab.isEmpty ? tab : "'\(tab.replacing("'", with: "''"))'") + "!" + cells
    }

    private static func values(_ rows: [[JSON]], _ range: String) -> JSON {
        ["range": .string(range), "majorDimension": "ROWS", "values": .array(rows.map { .array($0) })]
    }

    private func ask(_ question: ConnectorQuestion, _ names: [String: JSON]) async throws -> JSON {
        let answer = try await client.pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            try await wire.ask(
                question, ConnectorNames(names, now: .wallClock()), ConnectorWire.Extra(), reach)
        }
        return answer.body
    }

    /// The service knows no keys for what is written twice: whoever writes looks first.
    private func write(
        _ question: ConnectorQuestion, _ names: [String: JSON], _ body: JSON
    ) async throws -> JSON {
        let key = "sheet:\(client.integration):\(Instant.wallClock().microseconds)"
        let answer = try await client.pass(WriteConnectorTool.name, key: key) {
            wire, reach async throws(ToolFailure) in
            try await wire.ask(
                question, ConnectorNames(names, now: .wallClock()),
                ConnectorWire.Extra(body: body, key: key), reach)
        }
        return answer.body
    }
}

extension IntegrationServices {
    /// Returns the way to the spreadsheet of an integration; `nil` where it has none.
    package func sheet(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) throws -> SheetClient? {
        guard integration.provider == SheetClient.provider else { return nil }
        return try client(of: integration, tenant, for: caller).map { SheetClient($0) }
    }
}
