import Testing

/// The surroundings of the sources.
struct `The project` {
    @Test func `has what a stranger looks for`() {
        let wanted = [
            "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", ".ci/run",
            "openapi/bureau.yaml",
            "Config/bureau.yaml", "Config/demo/leads.csv", "deploy/Dockerfile", "docs/requirements.csv",
        ]
        expectNone(wanted.filter { !Project.exists($0) }, "Missing:")
    }

    @Test func `introduces itself in a hundred lines`() {
        #expect(Project.lines("README.md").count - 1 <= 100, "what is more belongs in docs/")
    }

    @Test func `tells each change in a line of the changelog, under its version`() {
        let lines = Project.lines("CHANGELOG.md")
        let entries = lines.filter { $0.hasPrefix("- ") }
        #expect(entries.count > 100)
        expectNone(entries.filter { $0.count > 120 }.map(String.init), "Longer than a line of 120 columns:")
        let started = lines.drop { !$0.hasPrefix("## ") }
        let others = started.filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("- ") }
        expectNone(others.map(String.init), "Neither a heading nor an entry of one line:")
    }

    @Test func `lists every Makefile target with a line of help`() {
        let lines = Project.lines("Makefile")
        let inner: Set = ["build-debug", "toolchain"]
        let faults = lines.filter { line in
            guard let name = line.split(separator: ":").first, line.contains(":"), !line.contains("=") else {
                return false
            }
            return name.allSatisfy { $0.isLowercase || $0 == "-" } && !line.contains("## ")
                && !inner.contains(String(name))
        }
        expectNone(faults.map(String.init), "Bare `make` would not list:")
        for target in ["build", "run", "test", "debug", "format", "tidy", "bench", "openapi"] {
            #expect(lines.contains { $0.hasPrefix("\(target):") }, "make \(target)")
        }
    }

    @Test func `keeps the keys of whoever runs it to themselves`() {
        for name in ["/.env", "/data/"] { #expect(Project.lines(".gitignore").contains(Substring(name))) }
    }

    @Test func `is tested by its CI script as by make test`() {
        #expect(Project.text(".ci/run").contains("make test"))
    }

    @Test func `links in its pages to files that are there`() {
        var faults: [String] = []
        let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].filter(Project.exists)
        for page in pages + Project.files(in: "docs", named: ".md")
            + Project.files(in: "Benchmarks", named: ".md")
        {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for target in Self.links(Project.text(page)) where !target.contains(":") && !target.hasPrefix("/")
            {
                let file = target.prefix { $0 != "#" }
                if !file.isEmpty, !Project.exists(folder.isEmpty ? String(file) : "\(folder)/\(file)") {
                    faults.append("\(page): \(target)")
                }
            }
        }
        expectNone(faults, "Links to nothing:")
    }

    @Test func `names in its pages files and folders that are there`() {
        var faults: [String] = []
        let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/requirements.csv"]
        // A decision tells of its own time.
        let docs = Project.files(in: "docs", named: ".md").filter { !$0.hasPrefix("docs/decisions/") }
        for page in (pages + docs).filter(Project.exists) {
            for match in Project.text(page).matches(of: /\b(?:Sources|Tests|scripts|static)\/[\w+.\/-]*\w/) {
                let path = String(match.output)
                if !Self.exists(path) { faults.append("\(page): \(path)") }
            }
        }
        expectNone(faults, "Neither a file nor a folder, nor where such a name begins:")
    }

    /// Returns whether a path is there, or begins the names of files, as in `Tests/Scenarios/Console*.swift`.
    private static func exists(_ path: String) -> Bool {
        if Project.exists(path) { return true }
        let parts = path.split(separator: "/")
        let folder = parts.dropLast().joined(separator: "/")
        return Project.isFolder(folder)
            && Project.files(in: folder).contains { $0.hasPrefix(path) }
    }

    private static func links(_ text: String) -> [Substring] {
        text.ranges(of: "](").map { text[$0.upperBound...].prefix { $0 != ")" && $0 != " " && $0 != "\n" } }
    }

    @Test func `numbers each decision once`() {
        let numbers = Project.files(in: "docs/decisions", named: ".md")
            .map { $0.split(separator: "/").last!.prefix(4) }
        let twice = Dictionary(grouping: numbers) { $0 }.filter { $0.value.count > 1 }.keys.map(String.init)
            .sorted()
        expectNone(twice, "Numbers of two decisions:")
        expectNone(numbers.filter { $0.contains { !$0.isNumber } }.map(String.init), "Not NNNN-title.md:")
    }

    @Test func `serves its pages from nowhere else`() {
        var faults: [String] = []
        for path in Project.files(in: "static", named: ".html", ".js", ".css", ".svg") {
            for (index, line) in Project.lines(path).enumerated() {
                let squeezed = line.filter { $0 != " " && $0 != "'" && $0 != "\"" }
                let places = ["src=", "href=", "url(", "@import", "from", "import("]
                let isOutside = places.contains { place in
                    ["http://", "https://", "//"].contains { squeezed.contains(place + $0) }
                }
                // An SVG's namespace is a name, and `xmlns` is not in the list.
                if isOutside { faults.append("\(path):\(index + 1): \(line.drop { $0 == " " }.prefix(90))") }
            }
        }
        expectNone(faults, "The console works without the outside world:")
    }
}

/// docs/requirements.csv: what was asked, where it is, and the test that shows it.
@Suite(
    .enabled(
        if: Project.exists("docs/requirements.csv"),
        "docs/requirements.csv is missing, which another test says"))
struct `The table of requirements` {
    private static let rows = CSV.rows(Project.text("docs/requirements.csv"))

    @Test func `has its five columns`() {
        #expect(Self.rows.first == ["id", "requirement", "status", "where", "test"])
        let faults = Self.rows.enumerated().filter { $0.element.count != 5 || $0.element[0].isEmpty }
            .map { "row \($0.offset + 1): \($0.element.joined(separator: ","))" }
        expectNone(faults, "Rows with other than five cells, or without an id:")
    }

    @Test func `has each requirement once`() {
        let ids = Self.rows.dropFirst().compactMap(\.first)
        let twice = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        expectNone(twice, "Twice:")
    }

    @Test func `names tests that are there`() {
        let names = Project.tests.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n")
        let known = Set(Self.declarations(in: names))
        var faults: [String] = []
        for row in Self.rows.dropFirst() where row.count == 5 {
            for test in row[4].split(separator: ";") {
                let name = test.split(separator: "/").last.map { Self.trimmed($0) } ?? ""
                if !name.isEmpty, !known.contains(name), !Project.exists(Self.trimmed(test)) {
                    faults.append("\(row[0]): \(name)")
                }
            }
        }
        expectNone(faults, "No such test or suite in Tests/:")
    }

    /// `make test` runs these on PostgreSQL, too.
    @Test func `run suites on both engines that are there`() {
        let texts = Project.tests.filter { $0.path.hasPrefix("Tests/Scenarios/") }.flatMap(\.lines)
        let known = Set(Self.declarations(in: texts.joined(separator: "\n")))
        let named = Project.lines("Tests/Scenarios/on-both-engines.txt").map(String.init).filter {
            !$0.isEmpty
        }
        expectNone(named.filter { !known.contains($0) }, "No such suite:")
        #expect(named.count > 20 && named == named.sorted())
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(
            text.drop { $0 == " " || $0 == "`" }.reversed().drop {
                $0 == " " || $0 == "`" || $0 == ")" || $0 == "("
            }.reversed())
    }

    /// Names of functions and types, without their backquotes.
    private static func declarations(in text: String) -> [String] {
        let keywords = ["func ", "struct ", "class ", "enum ", "actor "]
        return text.lines(with: keywords).flatMap { _, line in
            keywords.compactMap { keyword -> String? in
                guard let range = line.firstRange(of: keyword) else { return nil }
                let rest = line[range.upperBound...]
                return rest.first == "`"
                    ? String(rest.dropFirst().prefix { $0 != "`" })
                    : String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            }
        }
    }
}

/// Config/bureau.yaml lists every key; the server reads it with libyaml, this only looks at its form.
@Suite(
    .enabled(
        if: Project.exists("Config/bureau.yaml"), "Config/bureau.yaml is missing, which another test says"))
struct `The configuration file` {
    @Test func `is a tree of keys, each once`() {
        var faults: [String] = []
        var path: [(depth: Int, key: Substring)] = []
        var seen: Set<String> = []
        for (index, line) in Project.lines("Config/bureau.yaml").enumerated() {
            let text = line.drop { $0 == " " }
            let depth = line.count - text.count
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix("- ") || text == "---" { continue }
            guard let colon = text.firstIndex(of: ":"), depth % 2 == 0, !line.contains("\t"),
                text[..<colon].allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "_" }),
                text[colon...].dropFirst().first.map({ $0 == " " }) ?? true
            else {
                faults.append("line \(index + 1): \(line)")
                continue
            }
            path.removeAll { $0.depth >= depth }
            path.append((depth, text[..<colon]))
            let whole = path.map { String($0.key) }.joined(separator: ".")
            if !seen.insert(whole).inserted { faults.append("line \(index + 1): \(whole) again") }
        }
        expectNone(faults, "Not `key: value` in steps of two spaces, or twice:")
    }
}

/// RFC 4180, as far as the project's own tables need it.
enum CSV {
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [], row: [String] = [], cell = "", isQuoted = false
        var characters = text.makeIterator(), ahead = characters.next()
        while let character = ahead {
            ahead = characters.next()
            switch character {
            case "\"" where isQuoted && ahead == "\"":
                cell.append("\"")
                ahead = characters.next()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(cell)
                cell = ""
            case "\n" where !isQuoted, "\r\n" where !isQuoted:
                rows.append(row + [cell])
                (row, cell) = ([], "")
            default: cell.append(character)
            }
        }
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [cell]) }
        return rows
    }
}
