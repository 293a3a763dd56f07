import JSON
import Testing

/// Rows of a file are looked up together: they come in as if each had come alone after the one before it.
@Suite(.ownThread) struct ImportOrder {
    let server = BureauProcess.shared

    /// Rows that repeat each other by address, by place and by telephone, and share companies.
    private static let rows = [
        csvRow(1), csvRow(2), csvRow(1, ["E-Mail": "P1@IMPORT1.com", "Employees": "501"]),
        csvRow(2, ["E-Mail": "", "Phone": "+14155552671", "Employees": "502"]),
        csvRow(3, ["Contact Name": "Ann Other"]), csvRow(3, ["E-Mail": "second@import3.com"]),
        csvRow(4, ["E-Mail": "", "Website": "", "Phone": "+14155552672"]),
        csvRow(5, ["E-Mail": "", "Website": "", "Phone": "+14155552672", "Contact Name": "Pat Five"]),
        csvRow(6, ["Company": "Größe"]),
        csvRow(6, ["Company": "Größe", "Website": "", "Employees": "506"]),
        csvRow(7, ["E-Mail": "not an address"]), csvRow(7),
    ]

    private func outcome(of files: [[[String]]], _ dedupe: String) throws -> [[String]] {
        let agency = try server.quietAgency(), owner = agency.owner
        var sums = [Int64](repeating: 0, count: 4)
        for rows in files {
            let state = try agency.imported(csv(csvHeader, rows), query: "?country=US&dedupe=\(dedupe)")
            sums = zip(sums, counts(state)).map { $0 + $1 }
        }
        func values(_ list: String, _ names: [String]) throws -> [String] {
            try owner.every("/v1/\(list)").map { record in
                names.map { record[$0]?.serialized ?? "" }.joined(separator: " ")
            }.sorted()
        }
        let leads = try owner.every("/v1/leads")
        let ties = ["contact_id", "company_id"].map { name in
            "\(Set(leads.compactMap { $0[name]?.text }).count) of \(name)"
        }
        return [
            sums.map { "\($0)" }, ties,
            try values("leads", ["company", "email", "phone", "contact_name", "employee_count", "version"]),
            try values("contacts", ["name", "email", "phone"]), try values("companies", ["name", "domain"]),
        ]
    }

    @Test(arguments: ["skip", "update", "create"])
    func `a file brings in what its rows bring in one by one, in whatever order`(_ dedupe: String) throws {
        let turned = Array(Self.rows.dropFirst(5) + Self.rows.prefix(5))
        for rows in [Self.rows, Array(Self.rows.reversed()), turned] {
            let whole = try outcome(of: [rows], dedupe)
            #expect(try whole == outcome(of: rows.map { [$0] }, dedupe))
        }
    }

    @Test(arguments: ["create", "update"])
    func `a refused row declares no custom field, and the next with the field does`(_ dedupe: String) throws {
        let agency = try server.quietAgency(), isUpdate = dedupe == "update"
        if isUpdate { _ = try agency.imported(csv(csvHeader, (0..<3).map { csvRow($0) })) }
        let cells = [["one", "", ""], ["one", "gold", "A"], ["two", "silver", ""]]
        let rows = cells.enumerated().map { number, added in csvRow(number) + added }
        let mapping = escaped(
            "{\"CRM ID\":\"external_ids.crm\",\"Tier\":\"custom.tier\",\"Grade\":\"custom.grade\"}")
        let state = try agency.imported(
            csv(csvHeader + ["CRM ID", "Tier", "Grade"], rows),
            query: "?dedupe=\(dedupe)&mapping=\(mapping)")
        #expect(counts(state) == (isUpdate ? [0, 2, 0, 1] : [2, 0, 0, 1]), "\(state.serialized)")
        let declared = try agency.owner.every("/v1/custom-fields").map { $0.text("key") }
        #expect(declared.contains("tier") && !declared.contains("grade"), "\(declared)")
    }

    @Test(arguments: ["skip", "update"])
    func `a file that comes twice at once brings each lead, company and contact in once`(
        _ dedupe: String
    )
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, count = many(1600)
        let file = csv(csvHeader, (0..<count).map { csvRow($0) })
        let answers = try together(2) { _ in try agency.startImport(file, query: "?dedupe=\(dedupe)") }
        let states = try answers.map { try agency.finished($0) }
        for state in states {
            #expect(state["status"] == "completed" && state["processed"] == JSON(count), "\(state)")
            #expect(counts(state).reduce(0, +) == Int64(count), "each row is told once")
        }
        // One of them creates what the other knows.
        let sums: [Int64] = states.map(counts).reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
        #expect(sums == [Int64(count), 0, Int64(count), 0])
        for list in ["leads", "contacts", "companies"] {
            #expect(try owner.total(of: list) == Int64(count), "\(list)")
        }
        let leads = try owner.every("/v1/leads?fields=id,email,contact_id,company_id")
        for name in ["email", "contact_id", "company_id"] {
            #expect(Set(leads.map { $0.text(name) }).count == count, "\(name)")
        }
        let overview = try owner.get("/api/dashboard/overview").ok()
        #expect(overview["leads"]?["total"] == JSON(count))
    }
}
