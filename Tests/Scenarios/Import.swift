import JSON
import TestRandomness
import Testing

@Suite(.ownThread) struct ImportingLeads {
    let server = BureauProcess.shared

    @Test func `headers find their fields by themselves, and values their normal form`() throws {
        let agency = try server.quietAgency()
        let rows = (0..<20).map { csvRow($0, ["Phone": "(415) 555-2671"]) + ["42"] }
        let state = try agency.imported(csv(csvHeader + ["Shoe size"], rows), query: "?country=US")
        #expect(counts(state) == [20, 0, 0, 0] && state["processed"] == 20 && state["progress"]?.double == 1)
        let mapping = state["mapping"]
        #expect(
            mapping?["Company"] == "company" && mapping?["E-Mail"] == "email"
                && mapping?["Employees"] == "employee_count")
        #expect(mapping?["Shoe size"] == .null)
        let one = try agency.owner.get("/v1/leads?email=p3@import3.com").ok().items[0]
        #expect(
            one.text("phone") == "+14155552671" && one.text("country") == "US" && one["employee_count"] == 13)
        #expect(one.text("website").hasPrefix("http"))
        #expect(try agency.owner.every("/v1/imports").map(\.id) == [state.id])
    }

    @Test(arguments: ["bom", "lf", "semicolon", "tab", "utf-16", "utf-16-be", "latin-1", "no last line end"])
    func `every encoding and separator is read alike`(_ kind: String) throws {
        let agency = try server.quietAgency()
        let rows = [
            csvRow(1, ["Company": "Müller; Söhne\tAG"]), csvRow(2, ["Company": "The \"Big\"\r\nCompany"]),
            csvRow(3, ["Company": "Plain, Inc."]),
        ]
        let comma = csv(csvHeader, rows)
        let file: [UInt8] =
            switch kind {
            case "bom": [0xef, 0xbb, 0xbf] + Array(comma.utf8)
            case "lf": Array(csv(csvHeader, rows, lineEnd: "\n").utf8)
            case "semicolon": Array(csv(csvHeader, rows, separator: ";").utf8)
            case "tab": Array(csv(csvHeader, rows, separator: "\t").utf8)
            case "utf-16": [0xff, 0xfe] + comma.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case "utf-16-be": [0xfe, 0xff] + comma.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            case "latin-1": csv(csvHeader, rows, separator: ";").unicodeScalars.map { UInt8($0.value) }
            default: Array(comma.utf8.dropLast(2))
            }
        let state = try agency.imported(file)
        #expect(counts(state) == [3, 0, 0, 0], "\(state.serialized)")
        let companies = try agency.owner.every("/v1/leads").map {
            $0.text("company").replacing("\r\n", with: "\n")
        }
        #expect(Set(companies) == ["Müller; Söhne\tAG", "The \"Big\"\nCompany", "Plain, Inc."])
    }

    @Test func `own headers come by a mapping, whose unknown target is refused at once`() throws {
        let agency = try server.quietAgency()
        let file = csv(["Firma", "Stufe", "Anm"], [["Acme", "gold", "hallo"]])
        let mapping = escaped("{\"Firma\":\"company\",\"Stufe\":\"custom.tier\",\"Anm\":\"notes\"}")
        #expect(counts(try agency.imported(file, query: "?mapping=\(mapping)")) == [1, 0, 0, 0])
        let one = try #require(try agency.owner.every("/v1/leads").first)
        #expect(
            one.text("company") == "Acme" && one["custom"] == ["tier": "gold"] && one.text("notes") == "hallo"
        )
        for wrong in ["{\"Firma\":\"colour\"}", "{\"Firma\":\"id\"}", "{", "[]", "{\"Firma\":5}"] {
            let answer = try agency.startImport(file, query: "?mapping=\(escaped(wrong))")
            #expect([400, 422].contains(answer.status), "\(wrong): \(answer)")
        }
    }

    @Test(arguments: ["dedupe=maybe", "country=Atlantis", "colour=red"])
    func `an option that is none is refused before anything is read`(_ option: String) throws {
        let agency = try server.quietAgency()
        let answer = try agency.startImport(csv(csvHeader, [csvRow(1)]), query: "?\(option)")
        #expect([400, 422].contains(answer.status), "\(answer)")
        #expect(try agency.owner.total(of: "imports") == 0 && agency.owner.total() == 0)
    }

    @Test func `bad rows are counted and told with row, field and code; good ones come in`() throws {
        let agency = try server.quietAgency()
        let rows = [
            csvRow(1), csvRow(2, ["E-Mail": "not an address"]), csvRow(3, ["Company": ""]),
            csvRow(4, ["Employees": "many"]), csvRow(5),
        ]
        let state = try agency.imported(csv(csvHeader, rows) + "\r\nonly,two\r\n")
        #expect(counts(state) == [2, 0, 0, 4], "\(state.serialized)")
        #expect(state.text("errors_url") == "/v1/imports/\(state.id)/errors")
        let answer = try agency.owner.get("/v1/imports/\(state.id)/errors")
        #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("text/csv") == true)
        #expect(answer.text.hasPrefix("row,field,code,detail,Company,"))
        let faults = parsedCSV(answer.text)
        func has(_ row: String, _ field: String, _ code: String) -> Bool {
            faults.contains { $0["row"] == row && $0["field"] == field && $0["code"] == code }
        }
        #expect(
            has("2", "email", "invalid_email") && has("3", "company", "required")
                && has("4", "employee_count", "wrong_type"))
        #expect(faults.first { $0["row"] == "2" }?["E-Mail"] == "not an address")
    }

    @Test func `a row that the database refuses in the middle of a long file costs no other row`() throws {
        let agency = try server.quietAgency()
        let rows = (0..<1500).map { csvRow($0) + [[450, 451, 900].contains($0) ? "same" : "crm-\($0)"] }
        let state = try agency.imported(
            csv(csvHeader + ["CRM ID"], rows),
            query: "?mapping="
                + escaped(
                    "{\"CRM ID\":\"external_ids.crm\"}"))
        #expect(counts(state) == [1498, 0, 0, 2] && state["processed"] == 1500, "\(state.serialized)")
        #expect(try agency.owner.total() == 1498)
        let faults = parsedCSV(try agency.owner.get("/v1/imports/\(state.id)/errors").text)
        #expect(faults.map { $0["row"] } == ["452", "901"])
        #expect(try agency.owner.get("/v1/leads?external_ids.crm=same").ok().items.count == 1)
    }

    // MARK: Known people

    @Test func `known people are skipped, by address, or by domain and name, within the file too`() throws {
        let agency = try server.quietAgency()
        _ = try agency.imported(csv(csvHeader, [csvRow(1, ["Employees": "1"])]))
        let rows = [
            csvRow(1, ["E-Mail": " P1@IMPORT1.com ", "Employees": "2"]),
            csvRow(1, ["E-Mail": "", "Website": "https://import1.com/about", "Employees": "3"]), csvRow(2),
            csvRow(2, ["E-Mail": "P2@import2.com"]),
        ]
        let freemail = csv(csvHeader, [csvRow(9, ["E-Mail": "Pat.NINE@gmail.com", "Website": ""])])
        #expect(counts(try agency.imported(freemail)) == [1, 0, 0, 0])
        #expect(counts(try agency.imported(freemail)) == [0, 0, 1, 0])
        let bare = csv(csvHeader, [csvRow(9, ["E-Mail": "", "Website": ""])])
        #expect(counts(try agency.imported(bare)) == [1, 0, 0, 0])
        #expect(counts(try agency.imported(bare)) == [0, 0, 1, 0])
        let others = ["pat@gmail.com", "sam@gmail.com"].map {
            csvRow(8, ["E-Mail": $0, "Website": "", "Contact Name": ""])
        }
        #expect(counts(try agency.imported(csv(csvHeader, others))) == [2, 0, 0, 0])
        #expect(counts(try agency.imported(csv(csvHeader, rows), query: "?dedupe=skip")) == [1, 0, 3, 0])
        #expect(
            try agency.owner.every("/v1/leads").map { $0["employee_count"]?.int }.sorted {
                ($0 ?? 0) < ($1 ?? 0)
            } == [1, 12, 18, 18, 19, 19])
    }

    @Test func `an update fills known leads, and an empty cell keeps the old value`() throws {
        let agency = try server.quietAgency()
        _ = try agency.imported(csv(csvHeader, [csvRow(1, ["Employees": "1"])]))
        let file = csv(csvHeader, [csvRow(1, ["Employees": "500", "Contact Name": ""])])
        #expect(counts(try agency.imported(file, query: "?dedupe=update")) == [0, 1, 0, 0])
        let one = try #require(try agency.owner.every("/v1/leads").first)
        #expect(one["employee_count"] == 500 && one.text("contact_name") == "Person 1" && one["version"] == 2)
    }

    @Test func `create makes them again`() throws {
        let agency = try server.quietAgency()
        for _ in 0..<2 {
            #expect(
                counts(try agency.imported(csv(csvHeader, [csvRow(1)]), query: "?dedupe=create")) == [
                    1, 0, 0, 0,
                ])
        }
        #expect(try agency.owner.total() == 2)
    }

    @Test func `the same file again changes nothing, not even a version`() throws {
        let agency = try server.quietAgency()
        let file = csv(csvHeader, (0..<50).map { csvRow($0) })
        _ = try agency.imported(file)
        let before = try agency.owner.every("/v1/leads")
        let events = try agency.owner.every("/v1/events").filter { $0.text("type").hasPrefix("lead.") }.count
        for policy in ["skip", "update"] {
            #expect(
                counts(try agency.imported(file, query: "?dedupe=\(policy)")) == [0, 0, 50, 0], "\(policy)")
        }
        #expect(try agency.owner.every("/v1/leads") == before)
        #expect(
            try agency.owner.every("/v1/events").filter { $0.text("type").hasPrefix("lead.") }.count == events
        )
    }

    // MARK: Other forms

    @Test func `JSON lines come in, too, and a bad line is a bad row`() throws {
        let agency = try server.quietAgency()
        let lines = [
            lead(1).serialized, "{broken", lead(2, ["colour": "red"]).serialized, "", lead(3).serialized,
        ]
        let state = try agency.imported(lines.joined(separator: "\n"), type: "application/x-ndjson")
        #expect(state["created"] == 2 && state["failed"] == 2, "\(state.serialized)")
    }

    @Test func `a form's file part is read, and one that is empty refused`() throws {
        let agency = try server.quietAgency()
        func form(_ file: String) -> String {
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"l.csv\"\r\n"
                + "Content-Type: text/csv\r\n\r\n" + file + "\r\n--XX--\r\n"
        }
        let two = form(csv(csvHeader, [csvRow(1), csvRow(2)]))
        #expect(counts(try agency.imported(two, type: "multipart/form-data; boundary=XX")) == [2, 0, 0, 0])
        try agency.startImport(form(""), type: "multipart/form-data; boundary=XX").problem(422, "required")
        let without = try agency.startImport("--XX--\r\n", type: "multipart/form-data; boundary=XX")
        #expect([400, 415, 422].contains(without.status), "\(without)")
    }

    @Test(arguments: 0..<8) func `rubbish gets a clear answer, and nothing is written`(_ kind: Int) throws {
        let agency = try server.quietAgency()
        var random = SeededGenerator(UInt64(kind))
        func noise(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        let file: [UInt8] =
            switch kind {
            case 0: noise(200_000)
            case 1: [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10] + Array(repeating: 0, count: 5000)
            case 2: [0x50, 0x4b, 3, 4] + noise(500)
            case 3: []
            case 4: [0xff, 0xfe]
            case 5: Array(String(repeating: "\"never closed\n", count: 2000).utf8)
            case 6: Array(repeating: 0x61, count: 3_000_000)
            default: Array("Colour,Shape\r\nred,round\r\n".utf8)
            }
        let answer = try agency.startImport(file)
        if answer.status == 202 {
            let state = try agency.finished(answer)
            let isRefused = state.text("status") == "failed" && state["error"] != .null
            #expect(isRefused || (state["failed"]?.int ?? 0) > 0, "\(state.serialized)")
        } else {
            #expect([400, 413, 415, 422].contains(answer.status))
            try answer.problem(answer.status)
        }
        #expect(try agency.owner.total() == 0)
    }

    @Test func `a header alone is an import of nothing`() throws {
        let agency = try server.quietAgency()
        #expect(counts(try agency.imported(csv(csvHeader, []))) == [0, 0, 0, 0])
    }

    @Test func `another content type is refused`() throws {
        let agency = try server.quietAgency()
        try agency.startImport("{}", type: "application/json").problem(415, "unsupported_media_type")
    }

    @Test func `formulas, markup and long cells stay plain data`() throws {
        let agency = try server.quietAgency()
        let names = [
            "=cmd|' /C calc'!A0", "<script>alert(1)</script>", String(repeating: "x", count: 1_000_000),
            "Robert'); DROP TABLE leads;--",
        ]
        let state = try agency.imported(
            csv(csvHeader, names.enumerated().map { csvRow($0, ["Company": $1]) }))
        #expect(counts(state) == [3, 0, 0, 1], "\(state.serialized)")
        #expect(
            Set(try agency.owner.every("/v1/leads").map { $0.text("company") })
                == Set([names[0], names[1], names[3]]))
    }

    @Test func `progress is readable on the way, rises, and comes over the stream`() throws {
        let agency = try server.quietAgency()
        let count = many(8000)
        let stream = try EventStream(agency.owner)
        let answer = try agency.startImport(csv(csvHeader, (0..<count).map { csvRow($0) }))
        let place = try #require(answer.header("Location"))
        var seen: [Int64] = []
        try eventuallyTrue("the end", every: .milliseconds(10)) {
            let state = try agency.owner.get(place).ok()
            seen.append(state["processed"]?.int ?? -1)
            return state.text("status") == "completed"
        }
        #expect(seen == seen.sorted() && seen.last == Int64(count))
        #expect(seen.contains { $0 > 0 && $0 < count }, "no progress was seen on the way")
        try stream.wait(for: "import.completed")
        #expect(!stream.of("import.progressed").isEmpty)
        #expect(try agency.owner.total() == Int64(count))
    }

    @Test func `a cancelled import stops, and what came in stays`() throws {
        let agency = try server.quietAgency()
        let answer = try agency.startImport(csv(csvHeader, (0..<20_000).map { csvRow($0) }))
        let place = try #require(answer.header("Location"))
        try eventuallyTrue("a beginning", every: .milliseconds(5)) {
            (try agency.owner.get(place).ok()["processed"]?.int ?? 0) > 0
        }
        try agency.owner.post(place + "/cancel").ok()
        let state = try agency.finished(answer)
        try #require(state.text("status") == "cancelled", "\(state.serialized)")
        let kept = try agency.owner.total()
        #expect(kept == state["created"]?.int && (kept ?? 0) < 20_000)
        try agency.owner.post(place + "/cancel").problem(409, "invalid_transition")
    }
}

@Suite(.ownThread) struct ExportingLeads {
    let server = BureauProcess.shared

    @Test func `CSV has a header, is safe for spreadsheets, and follows the filters`() throws {
        let agency = try server.quietAgency()
        let evil = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://evil.example\")"]
        for (number, name) in evil.enumerated() {
            _ = try agency.makeLead(
                number, ["company": .string("x" + name), "contact_name": .string(name), "country": "FR"])
        }
        _ = try agency.makeLead(50, ["company": "Quote \" comma , line\nbreak", "notes": "=ü"])
        let answer = try agency.owner.get("/v1/leads/export?format=csv")
        #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("text/csv") == true)
        #expect(answer.header("Content-Disposition")?.contains("attachment") == true)
        let rows = parsedCSV(answer.text)
        #expect(rows.count == 7)
        for column in ["id", "company", "email", "status", "score"] {
            #expect(rows.first?[column] != nil, "\(column)")
        }
        for column in ["identity_key", "tenant_id"] { #expect(rows.first?[column] == nil, "\(column)") }
        for row in rows {
            for column in ["company", "contact_name", "notes"] {
                let first = row[column]?.first ?? "x"
                #expect(!"=+-@\t\r".contains(first), "\(column): \(row[column] ?? "")")
            }
        }
        #expect(rows.contains { $0["company"] == "Quote \" comma , line\nbreak" })
        #expect(parsedCSV(try agency.owner.get("/v1/leads/export?format=csv&country=FR").text).count == 6)
        #expect(parsedCSV(try agency.owner.get("/v1/leads/export?format=csv&q=quote").text).count == 1)
    }

    @Test func `JSON lines are the records as they are read`() throws {
        let agency = try server.quietAgency()
        let made = try agency.makeLead(1, ["company": "=1+1"])
        let lines = try agency.owner.get("/v1/leads/export?format=jsonl").text.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(try JSONParser.parse(String(lines[0])) == made)
    }

    @Test(arguments: ["format=xml", "format=csv&colour=red", "format=jsonl&sort=colour"])
    func `what is no export is refused before it begins`(_ query: String) throws {
        let agency = try server.quietAgency()
        let answer = try agency.owner.get("/v1/leads/export?\(query)")
        try answer.problem(400)
    }

    @Test func `an export imported elsewhere gives the same leads`() throws {
        let (one, two) = (try server.quietAgency(), try server.quietAgency())
        for (number, name) in ["=1+1", "Ünï, \"x\"", "Plain", "'quoted", "line\nbreak"].enumerated() {
            _ = try one.makeLead(
                number,
                [
                    "company": .string(name), "tags": ["t1", "t2"], "budget": dollars(3000), "notes": "-5",
                    "pain_points": ["slow", "dear"], "custom": ["tier": "gold"], "timeline_days": 30,
                    "authority": true,
                ])
        }
        let state = try two.imported(try one.owner.get("/v1/leads/export?format=csv").body)
        #expect(state["failed"] == 0 && state["created"] == 5, "\(state.serialized)")
        let keys = [
            "company", "email", "tags", "budget", "pain_points", "notes", "country", "employee_count",
            "custom",
            "timeline_days", "authority", "website",
        ]
        func plain(_ agency: Agency) throws -> [String] {
            try agency.owner.every("/v1/leads").map { lead in
                keys.map { "\($0)=\((lead[$0] ?? .null).canonical.serialized)" }.joined(separator: "\n")
            }.sorted()
        }
        #expect(try plain(one) == plain(two))
    }

    @Test func `a large export begins at once, and waits for a reader that stops`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        let notes = JSON.string(String(repeating: "x", count: 1800))
        try agency.makeLeads((0..<4000).map { ["company": .string("C \($0)"), "notes": notes] })
        _ = try agency.owner.get("/v1/leads/export?format=jsonl&country=FR")
        let before = own.memory
        let connection = try Connection(port: own.port, receiveBuffer: 4096)
        try connection.send(
            "GET /v1/leads/export?format=jsonl HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(agency.token)\r\n\r\n"
        )
        #expect(try connection.receiveHead().status == 200)
        for _ in 0..<10 { try agency.owner.get("/v1/leads?limit=200").ok() }
        #expect(own.memory - before < 30, "grew by \(own.memory - before) MB for a reader that stopped")
        connection.shutdown()
        let whole = try agency.owner.get("/v1/leads/export?format=jsonl")
        #expect(whole.text.split(separator: "\n").count == 4000)
    }
}
