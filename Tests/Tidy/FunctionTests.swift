import Testing

/// The length that a function may have.
struct Functions {
    /// Lines, from its name to its closing bracket, without texts of several lines. A list of routes or events grows
    /// by its entries, so there each entry has this length.
    static let linesMax = 75

    @Test func `are short enough to be read at once`() {
        let found = Project.sources.flatMap { source in
            Self.functions(of: source).map { (place: "\(source.path):\($0.line)", count: $0.count) }
        }
        #expect(found.count > 10_000, "functions are found")
        expectNone(
            found.filter { $0.count > Self.linesMax }.map { "\($0.place): \($0.count) lines" },
            "Over \(Self.linesMax) lines: give its steps names, as functions of their own:")
    }

    private static let modifiers: Set<Substring> = [
        "package", "public", "internal", "private", "fileprivate", "static", "class", "final", "override",
        "mutating", "nonmutating", "nonisolated", "isolated", "consuming", "borrowing", "convenience",
        "required",
    ]

    /// Returns whether a line begins a function, an initializer or a computed property.
    private static func isHead(_ line: String) -> Bool {
        for word in line.split(whereSeparator: { " (<?!:".contains($0) }) {
            switch word {
            case "func", "init", "deinit", "subscript": return true
            case "var": return line.trimmedEnd.hasSuffix("{") && !line.contains(" = ")
            default: guard modifiers.contains(word) || word.first == "@" else { return false }
            }
        }
        return false
    }

    private static func indentation(_ line: some StringProtocol) -> Int {
        line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// Returns the line at which each function of several lines begins, and how many it has.
    private static func functions(of source: SwiftSource) -> [(line: Int, count: Int)] {
        let code = source.code, text = source.linesOfText()
        return code.indices.filter { isHead(code[$0]) }.compactMap { first in
            guard let last = end(of: first, in: code) else { return nil }
            let opening = code[first...last].firstIndex { $0.trimmedEnd.hasSuffix("{") } ?? first
            if code[first...opening].contains(where: { $0.contains("inout Routes") }) {
                return (
                    first + 1, longestEntry(of: code, opening + 1..<last, depth: indentation(code[first]) + 4)
                )
            }
            return (first + 1, (first...last).count { !text.contains($0 + 1) })
        }
    }

    /// Returns the index of the line with the closing bracket; `nil` where that is the first one, or there is none. The
    /// files are formatted.
    private static func end(of first: Int, in code: [String]) -> Int? {
        guard !code[first].trimmedEnd.hasSuffix("}") else { return nil }
        let depth = indentation(code[first])
        for index in code.indices.dropFirst(first + 1) {
            let line = code[index].trimmedEnd, own = indentation(line)
            // Nothing, or what texts and comments leave of a line.
            guard own < line.utf8.count, own <= depth else { continue }
            let rest = line.dropFirst(depth)
            if own == depth, rest.hasPrefix("}") { return index }
            let isHead = rest.hasPrefix(")") || rest.hasPrefix("{") || rest.hasPrefix("where ")
            guard own == depth, isHead, !line.hasSuffix("}") else { return nil }
        }
        return nil
    }

    private static func longestEntry(of code: [String], _ lines: Range<Int>, depth: Int) -> Int {
        let beginnings = lines.filter { index in
            let line = code[index]
            guard indentation(line) == depth, let first = line.dropFirst(depth).first else { return false }
            return !")]}".contains(first)
        }
        return zip(beginnings, beginnings.dropFirst() + [lines.upperBound]).map { $1 - $0 }.max() ?? 0
    }

    @Test func `are counted without their texts, and lists by their entries`() {
        let source = SwiftSource(
            path: "Sources/Slices/X/X.swift",
            text: """
                struct X {
                    let x: Int
                    private init(
                        _ x: Int
                    ) {
                        self.x = x
                    }
                    func one() -> Int { x }
                    func two(
                        _ y: Int
                    ) -> Int { x + y }
                    var table: String {
                        \"""
                        CREATE
                        TABLE
                        \"""
                    }
                }
                protocol Y {
                    func nothing()
                    func more()
                }
                func xRoutes(_ routes: inout Routes) {
                    routes.get("/v1/x") { call in
                        // Nothing.
                        .none
                    }
                    routes.get("/v1/y") { .none }
                }
                """)
        let found = Self.functions(of: source)
        #expect(found.map(\.line) == [3, 12, 23])
        #expect(found.map(\.count) == [5, 3, 4])
    }
}

extension String {
    fileprivate var trimmedEnd: Substring {
        self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]
    }
}
