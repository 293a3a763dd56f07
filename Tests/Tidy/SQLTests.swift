import Testing

/// SQL that is written by hand. (What the declarations give is made in one place and tested there.)
struct `SQL` {
    private static let literals = Project.sources.flatMap { source in
        source.literals.map { (source: source, literal: $0) }
    }

    /// Every table of the migrations whose rows belong to a tenant.
    static let tenantTables: Set<String> = {
        var names: Set<String> = []
        for (_, literal) in literals {
            guard literal.text.has("CREATE TABLE "),
                let range = literal.text.firstRange(of: "CREATE TABLE ")
            else { continue }
            let name = literal.text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let isTenants = literal.text.contains("tenant_id") || literal.text.contains("\\(record)")
            if isTenants, !name.isEmpty { names.insert(String(name)) }
        }
        // The migration of a resource may take its statements from the declaration.
        for source in Project.sources {
            for (index, line) in source.code.enumerated() where line.contains("= Resource<") {
                if let table = source.literals.first(where: { $0.line > index }) { names.insert(table.text) }
            }
        }
        return names
    }()

    /// Statements that look over all tenants and do not stand in a function that says so in its name
    /// (`acrossTenants…`), by the name they are declared with.
    static let acrossTenants = [
        "nextDueJob": "when the runner must wake",
        "expiredLeases": "work of dead workers, whose it may be",
        "foreignLeases": "work that another process left",
        "abandonedLeases": "the same, where other processes may be alive",
        "nextSchedules": "when the runner must wake",
        "sandboxesAtWork": "which sandboxes had work when the process ended",
    ]
    /// Files whose callers ask for pages by number.
    static let numberedPages = [
        "Sources/Slices/Discovery/Leads/LeadPages.swift": "/api/dashboard/leads?page="
    ]
    /// Files that read every column there is.
    static let everyColumn = [
        "Sources/Foundations/Database/SQLite/SQLiteBackup.swift": "compares a copy with its original"
    ]

    @Test func `knows the tenants' tables`() {
        #expect(Self.tenantTables.isSuperset(of: ["tenants", "users", "leads", "jobs", "events"]))
    }

    @Test func `on a tenant's table names the tenant`() {
        var faults: [String] = []
        // A migration changes every tenant's rows at once.
        for (source, literal) in Self.literals
        where source.module != "Database" && !source.path.hasSuffix("Migrations.swift") {
            guard let table = Self.table(in: literal.text), !Self.namesTenant(literal.text) else { continue }
            let around = source.enclosing(line: literal.line)
            if around.contains(where: { $0.contains("acrossTenants") }) { continue }
            if Self.acrossTenants.keys.contains(where: { name in
                around.contains { $0.contains("let \(name) ") }
            }) {
                continue
            }
            faults.append("\(source.path):\(literal.line): \(table)")
        }
        expectNone(
            faults,
            "A statement on a tenant's table has `tenant_id = …`, or stands in a function acrossTenants…:")
    }

    @Test func `selects the columns it wants`() {
        let faults = Self.literals.filter { source, literal in
            literal.text.has("SELECT *") && Self.everyColumn[source.path] == nil
        }.map { "\($0.source.path):\($0.literal.line)" }
        expectNone(faults, "No SELECT *: a new column would change what is read:")
    }

    /// A file has its rows in their order anyway: for it, the planner walks through all of them from the first.
    @Test func `looks up many values without the order of rows`() {
        let faults = Self.literals.filter { _, literal in
            literal.text.has("ORDER BY row")
                && literal.text.matches(of: /(\w+) IN \\\(list:/).contains { $0.1 != "id" }
        }.map { "\($0.source.path):\($0.literal.line)" }
        expectNone(faults, "Where values are looked up by an index, rows are ordered by `+row`:")
    }

    @Test func `pages by keys, never by counting rows off`() {
        let faults = Self.literals.filter { source, literal in
            literal.text.has("OFFSET") && Self.words(literal.text).contains("OFFSET")
                && Self.numberedPages[source.path] == nil
        }.map { "\($0.source.path):\($0.literal.line)" }
        expectNone(faults, "Lists go on from a cursor; OFFSET reads what it throws away:")
    }

    // Patterns in a function are compiled for every literal.
    nonisolated(unsafe) private static let numeric =
        /\b(?:state|status|realm|permit|outcome)\b *(?:=|<>|<=?|>=?) *\d|\bIN \(\d/
        .wordBoundaryKind(.simple)
    nonisolated(unsafe) private static let placed =
        #/
        (?:\brow|\$0)\.(?:text|int|int64|double|bool|instant|id|blob|value|isNull|uniqueID|optional\w+)
            \((?:[4-9]|\d\d+)\b
        | \((?:row|\$0),\ (?:[4-9]|\d\d+)\b
        | \binit\((?:_\ )?row:\ Row\b
        /#.wordBoundaryKind(.simple)

    /// A case is known by its name: a number in a statement says nothing, and nothing changes it with its enum.
    @Test func `names states by words`() {
        let faults = Self.literals.filter { source, literal in
            !source.path.hasSuffix("Migrations.swift") && !source.path.hasSuffix("Tables.swift")
                && literal.text.contains(Self.numeric)
        }.map { "\($0.source.path):\($0.literal.line)" }
        expectNone(faults, #"Write `state = \(literal: JobState.running)`:"#)
    }

    /// Rows of a few columns may be read by their places: who adds one more sees all of them at once.
    @Test func `reads rows by column names`() {
        let sources = Project.sources.filter { $0.module != "Database" && $0.module != "Records" }
        let faults = sources.flatMap { source in
            source.code.enumerated().filter { _, line in
                (line.has("row") || line.has("$0")) && line.contains(Self.placed)
            }.map {
                "\(source.path):\($0.offset + 1)"
            }
        }
        expectNone(faults, "Make it a `StoredRow`, and select its `columns`:")
    }

    @Test(arguments: ["WHERE state = 2", "q.status<>0", "outcome >= 1 AND", "state IN (0, 3)"])
    func `finds states that are numbers`(text: String) {
        #expect(text.contains(Self.numeric))
    }

    @Test(arguments: [
        "state = $1", "state = \\(literal: State.ready)", "status = 'won'", "IN (SELECT 1", "estate = 1",
    ])
    func `tells other conditions from them`(text: String) {
        #expect(!text.contains(Self.numeric))
    }

    @Test(arguments: [
        "day.state = row.text(4)", "row.optionalInt(16)", "LeadID(row, 5)", "{ $0.instant(4) }",
        "fileprivate init(row: Row) {", "init(_ row: Row) {",
    ])
    func `finds columns that are read by their places`(line: String) {
        #expect(line.contains(Self.placed))
    }

    @Test(arguments: ["row.text(3)", "$0.prefix(4)", #"row.text("id")"#, "init(_ row: inout ColumnReader) {"])
    func `tells columns that are read by names from them`(line: String) {
        #expect(!line.contains(Self.placed))
    }

    private static func words(_ text: String) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// The first tenant's table that the text reads or writes.
    private static func table(in text: String) -> String? {
        for verb in ["FROM ", "JOIN ", "INTO ", "UPDATE "] where text.has(verb) {
            var rest = Substring(text)
            while let range = rest.firstRange(of: verb) {
                let before = rest[..<range.lowerBound].last
                rest = rest[range.upperBound...]
                guard before == nil || before!.isWhitespace || before == "(" else { continue }
                let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
                if tenantTables.contains(name) { return name }
            }
        }
        return nil
    }

    /// As a condition, as a column that is written, or as the key of a join.
    private static func namesTenant(_ text: String) -> Bool {
        let isInsert = text.contains("INSERT ") || text.contains("INTO ")
        if isInsert, text.contains("tenant_id") { return true }
        let spread = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return ["tenant_id = ", "tenant_id IN ", "(tenant_id, ", "USING (tenant_id"].contains(
            where: spread.contains)
    }
}
