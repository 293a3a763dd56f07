package import JSON
import Synchronization

/// Google Sheets: the tabs of a spreadsheet. What is empty at the end of a row or a range it leaves out.
package final class SheetsStandIn: Sendable {
    package let token = "ya29.sheet", spreadsheet = "1BxiMVs0XRA5"
    package let service: ServiceStandIn
    private let tabs = Tabs()

    private final class Tabs: Sendable {
        let rows = Mutex<[String: [[JSON]]]>([:])
    }

    package init() throws {
        let (token, spreadsheet, tabs) = (token, spreadsheet, tabs)
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
            }
            let call = StandInCall(request)
            guard call.segments.starts(with: ["v4", "spreadsheets"]), call.segments.count >= 3,
                call.segments[2].hasPrefix(spreadsheet)
            else { return Self.refusal(404, "NOT_FOUND", "Requested entity was not found.") }
            return tabs.rows.withLock { Self.answer(call, Array(call.segments.dropFirst(2)), &$0) }
        }
    }

    /// The rows of a tab; `nil` where there is none.
    package func rows(of tab: String) -> [[JSON]]? { tabs.rows.withLock { $0[tab] } }

    package func fill(_ tab: String, _ rows: [[JSON]]) { tabs.rows.withLock { $0[tab] = rows } }

    private static func answer(
        _ call: StandInCall, _ rest: [String], _ tabs: inout [String: [[JSON]]]
    ) -> StandInAnswer {
        switch (call.method, rest.count) {
        case ("GET", 1):
            let names = tabs.keys.sorted().map { name -> JSON in ["properties": ["title": .string(name)]] }
            return .json(200, ["sheets": .array(names)])
        case ("POST", 1) where rest[0].hasSuffix(":batchUpdate"):
            for one in call.body["requests"]?.array ?? [] {
                if let name = one["addSheet"]?["properties"]?["title"]?.text { tabs[name] = tabs[name] ?? [] }
            }
            return .json(200, ["replies": [[:]]])
        case ("POST", 2) where rest[1] == "values:batchUpdate":
            guard call.body["valueInputOption"]?.text == "RAW" else { return executed }
            for one in call.body["data"]?.array ?? [] {
                guard let (tab, cells) = range(one["range"]?.text ?? ""), let number = Int(cells.dropFirst()),
                    tabs[tab] != nil
                else { return unknown(one["range"]?.text ?? "") }
                for (index, row) in (one["values"]?.array ?? []).enumerated() {
                    put(row.array ?? [], at: number - 1 + index, &tabs[tab]!)
                }
            }
            return .json(200, ["spreadsheetId": .string(rest[0])])
        case ("GET", 3):
            guard let (tab, cells) = range(rest[2]), let rows = tabs[tab] else { return unknown(rest[2]) }
            let width = cells == "A:A" ? 1 : 26
            let shown = rows.map { trimmed(Array($0.prefix(width))) }
            var answer: JSONObject = ["range": .string(rest[2]), "majorDimension": "ROWS"]
            if let end = shown.lastIndex(where: { !$0.isEmpty }) {
                answer.append("values", .array(shown[...end].map { .array($0) }))
            }
            return .json(200, .object(answer))
        case ("POST", 3) where rest[2].hasSuffix(":append"):
            guard call.query["valueInputOption"] == "RAW" else { return executed }
            let name = String(rest[2].dropLast(":append".count))
            guard let (tab, _) = range(name), tabs[tab] != nil else { return unknown(name) }
            for row in call.body["values"]?.array ?? [] { tabs[tab]?.append(row.array ?? []) }
            return .json(
                200, ["updates": ["updatedRows": .integer(Int64(call.body["values"]?.array?.count ?? 0))]])
        default: return refusal(404, "NOT_FOUND", "no such method")
        }
    }

    private static func put(_ row: [JSON], at index: Int, _ rows: inout [[JSON]]) {
        while rows.count <= index { rows.append([]) }
        rows[index] = row
    }

    private static func trimmed(_ row: [JSON]) -> [JSON] {
        var row = row
        while row.last == "" { row.removeLast() }
        return row
    }

    private static func range(_ text: String) -> (tab: String, cells: String)? {
        guard let mark = text.lastIndex(of: "!") else { return nil }
        var tab = String(text[..<mark])
        if tab.hasPrefix("'") { tab = String(tab.dropFirst().dropLast()).replacing("''", with: "'") }
        return (tab, String(text[text.index(after: mark)...]))
    }

    private static func unknown(_ range: String) -> StandInAnswer {
        refusal(400, "INVALID_ARGUMENT", "Unable to parse range: \(range)")
    }

    /// Refuses cells as a person would type them: they could be run as formulas.
    private static let executed = refusal(400, "INVALID_ARGUMENT", "valueInputOption is not RAW")

    private static func refusal(_ status: Int, _ code: String, _ message: String) -> StandInAnswer {
        .json(
            status,
            [
                "error": [
                    "code": .integer(Int64(status)), "message": .string(message), "status": .string(code),
                ]
            ])
    }
}
