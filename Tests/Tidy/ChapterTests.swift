import Testing

/// The chapters of the concept that exist only as names each have their place in docs/conversations.md.
@Suite struct ChapterTests {
    private static let page = "docs/conversations.md"
    private static let chapters = [
        3, 4, 11, 12, 17, 18, 19, 20, 22, 23, 24, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    ]

    /// The cells of the table's rows: number and name, where it stands, and what tells its figures.
    private static let rows = Project.lines(page).drop { $0 != "## Where each subject stands" }
        .filter { $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true }
        .map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.drop { $0 == " " } }
        }

    @Test func `each chapter that is only a name has its place, once`() {
        #expect(Self.rows.compactMap { Int($0[0].filter(\.isNumber)) } == Self.chapters)
        for row in Self.rows { #expect(row.count == 3 && row[1].contains("]("), "\(row)") }
    }

    @Test func `the pages, headings and operations that chapters name are there`() {
        let operations = Set(
            Project.lines("openapi/operations.txt").compactMap {
                $0.split(separator: " ").last.map(String.init)
            })
        var faults: [String] = [], routes = 0
        for row in Self.rows {
            for start in row[1].ranges(of: "](") {
                let link = row[1][start.upperBound...].prefix { $0 != ")" }
                let parts = link.split(separator: "#", omittingEmptySubsequences: false)
                let path = parts[0].isEmpty ? Self.page : Self.resolved(String(parts[0]))
                if !Project.exists(path) { faults.append("\(row[0]): \(path)") }
                if parts.count > 1, !Self.headings(path).contains(String(parts[1])) {
                    faults.append("\(row[0]): no heading \(link)")
                }
            }
            for match in (row[1] + row[2]).matches(of: /`(?:[A-Z]+ )?(\/v1\/[^`]*)`/) {
                routes += 1
                let path = String(match.output.1)
                if !operations.contains(path) { faults.append("\(row[0]): no operation \(path)") }
            }
        }
        expectNone(faults, "What a chapter names and is not there:")
        #expect(routes >= 10, "figures are read somewhere")
    }

    private static func resolved(_ link: String) -> String {
        link.hasPrefix("../") ? String(link.dropFirst(3)) : "docs/\(link)"
    }

    /// The anchors of a page's headings.
    private static func headings(_ path: String) -> Set<String> {
        Set(
            Project.lines(path).filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
                    .map { $0 == " " ? "-" : $0 }.map(String.init).joined()
            })
    }
}
