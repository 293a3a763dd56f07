import JSON
import TestDatabases
import Testing

/// A valid lead; `more` replaces or adds members.
func lead(_ number: Int = 0, _ more: JSONObject = [:]) -> JSON {
    var body: JSONObject = [
        "company": .string("Example Company \(number)"),
        "website": .string("https://www.example\(number).com"),
        "industry": "technology", "employee_count": .integer(Int64(50 + number % 200)),
        "contact_name": "Jane Example", "contact_title": "Marketing Director",
        "email": .string("jane\(number)@example\(number).com"), "country": "US", "source": "directory",
    ]
    for (key, value) in more.members { body[key] = value }
    return .object(body)
}

func dollars(_ amount: Int64) -> JSON { ["amount": .integer(amount * 100), "currency": "USD"] }

/// An identifier of the right form that nobody has.
let absentLead = "lead_00000000000000000000000000"
let absentTicket = "ticket_00000000000000000000000000"

extension Agency {
    /// Waits until the addresses of a lead and its contact are judged, and the lead's quality is: just after they have
    /// come in. Returns the lead as it is then.
    @discardableResult func waitForJudgement(of lead: JSON) throws -> JSON {
        try eventually("the judgement of what has come in") {
            let contact = try owner.get("/v1/contacts/\(lead.text("contact_id"))").ok()
            let judged = try owner.get("/v1/leads/\(lead.id)").ok()
            let isJudged = contact["email_status"] != .null && judged["email_status"] != .null
            return isJudged && judged["quality_score"] != .null ? judged : .none
        }
    }

    func makeLead(
        _ number: Int = 0, _ more: JSONObject = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try owner.post("/v1/leads", lead(number, more)).ok(201, sourceLocation: sourceLocation)
    }

    /// Many at once; each has to come in.
    func makeLeads(_ bodies: [JSON], sourceLocation: SourceLocation = #_sourceLocation) throws {
        for start in stride(from: 0, to: bodies.count, by: 1000) {
            let operations = bodies[start..<min(start + 1000, bodies.count)].map { body -> JSON in
                ["op": "create", "body": body]
            }
            let answer = try owner.post("/v1/leads/bulk", ["operations": .array(operations)])
                .ok(200, sourceLocation: sourceLocation)
            let statuses = Set((answer["results"]?.array ?? []).compactMap { $0["status"]?.int })
            try #require(statuses == [201], sourceLocation: sourceLocation)
        }
    }

    /// Scores a lead and answers the decision.
    func score(_ id: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let run = try owner.ended("/v1/leads/\(id)/score", sourceLocation: sourceLocation)
        try #require(run.text("status") == "succeeded", "\(run.serialized)", sourceLocation: sourceLocation)
        return try owner.get("/v1/leads/\(id)/score").ok(200, sourceLocation: sourceLocation)
    }

    /// Returns the end of a run that is followed: its status, error and result.
    func end(of place: String) throws -> [JSON?] {
        let run = try eventually("the end of \(place)") {
            let run = try owner.get(place).ok()
            return ["succeeded", "failed", "cancelled"].contains(run.text("status")) ? run : .none
        }
        return [run["status"], run["error"], run["result"]]
    }

    // MARK: Imports

    func startImport(_ file: String, type: String = "text/csv", query: String = "") throws -> Answer {
        try startImport(Array(file.utf8), type: type, query: query)
    }
    func startImport(_ file: [UInt8], type: String = "text/csv", query: String = "") throws -> Answer {
        try owner.post("/v1/leads/import" + query, raw: file, type: type)
    }

    /// The import that `answer` started, once it is over.
    func finished(
        _ answer: Answer, within limit: Duration = .seconds(180),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try answer.ok(202, sourceLocation: sourceLocation)
        let place = try #require(answer.header("Location"), sourceLocation: sourceLocation)
        return try eventually("the end of the import", within: limit, sourceLocation: sourceLocation) {
            let state = try owner.get(place).ok(200, sourceLocation: sourceLocation)
            return ["completed", "failed", "cancelled"].contains(state.text("status")) ? state : .none
        }
    }

    /// A file that has been imported.
    func imported(
        _ file: [UInt8], type: String = "text/csv", query: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let answer = try startImport(file, type: type, query: query)
        let state = try finished(answer, sourceLocation: sourceLocation)
        try #require(
            state.text("status") == "completed", "\(state.serialized)", sourceLocation: sourceLocation)
        return state
    }
    func imported(
        _ file: String, type: String = "text/csv", query: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try imported(Array(file.utf8), type: type, query: query, sourceLocation: sourceLocation)
    }
}

/// created, updated, skipped, failed
func counts(_ state: JSON) -> [Int64] {
    ["created", "updated", "skipped", "failed"].map { state[$0]?.int ?? -1 }
}

// MARK: CSV

let csvHeader = ["Company", "Website", "E-Mail", "Contact Name", "Phone", "Country", "Employees"]

/// One row under `csvHeader`; `more` replaces cells by header.
func csvRow(_ number: Int, _ more: [String: String] = [:]) -> [String] {
    let cells = [
        "Import \(number)", "www.import\(number).com", "p\(number)@import\(number).com", "Person \(number)",
        "",
        "United States", "\(10 + number)",
    ]
    return zip(csvHeader, cells).map { more[$0] ?? $1 }
}

func csv(_ header: [String], _ rows: [[String]], separator: String = ",", lineEnd: String = "\r\n") -> String
{
    ([header] + rows).map { row in
        row.map { cell in
            let isPlain =
                !cell.utf8.contains { $0 == 34 || $0 == 10 || $0 == 13 } && !cell.contains(separator)
            return isPlain
                ? cell
                : "\""
                    + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    + "\""
        }.joined(separator: separator) + lineEnd
    }.joined()
}

/// Rows of a CSV text, by header.
func parsedCSV(_ text: String) -> [[String: String]] {
    var rows: [[String]] = [], row: [String] = [], cell: [UInt8] = [], isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        switch (byte, isQuoted) {
        case (34, true) where index + 1 < bytes.count && bytes[index + 1] == 34:
            cell.append(34)
            index += 1
        case (34, _): isQuoted.toggle()
        case (44, false):
            row.append(String(decoding: cell, as: UTF8.self))
            cell = []
        case (13, false): break
        case (10, false):
            rows.append(row + [String(decoding: cell, as: UTF8.self)])
            (row, cell) = ([], [])
        default: cell.append(byte)
        }
        index += 1
    }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [String(decoding: cell, as: UTF8.self)]) }
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { row in
        Dictionary(zip(header, row), uniquingKeysWith: { first, _ in first })
    }
}

/// As many rows as take a file a few seconds; a server, to which each statement travels, gets fewer.
func many(_ count: Int) -> Int { TestDatabases.isOnServer ? count / 4 : count }
