import Testing

/// The questions that modules ask one another: an answer that is missing stops the start (`Composition`,
/// `TenantQuestions`).
struct `Questions of modules` {
    /// The members of a file's structs of questions that are no `ModuleNeed`, and would be answered by a default.
    private static func silent(in source: SwiftSource) -> [(line: Int, name: String)] {
        var indent: Int?
        var faults: [(line: Int, name: String)] = []
        for (index, line) in source.code.enumerated() {
            let depth = line.prefix { $0 == " " }.count
            let words = line.split { " :,<{(".contains($0) }
            if let struct_ = words.firstIndex(of: "struct"), words.count > struct_ + 1,
                words.contains("Asking") || words[struct_ + 1] == "TenantQuestions"
            {
                indent = depth
            } else if let open = indent {
                if depth == open, line.dropFirst(depth).first == "}" { indent = nil }
                guard depth == open + 4, let variable = words.firstIndex(of: "var"),
                    !words.contains("static"), !words.contains("private"), !isComputed(line)
                else { continue }
                let above = source.code[..<index].last { !$0.allSatisfy { $0 == " " } } ?? ""
                if !above.contains("@ModuleNeed(") {
                    faults.append((index + 1, String(words[variable + 1])))
                }
            }
        }
        return faults
    }

    /// A property without a place of its own.
    private static func isComputed(_ line: String) -> Bool {
        (line.last == "{" || line.last == "}") && !line.contains(" = ")
    }

    @Test func `are needs, every one`() {
        let structs = Project.sources.filter { $0.code.contains { $0.contains(": Asking {") } }
        #expect(structs.count > 15, "all of them are found")
        let faults = Project.sources.flatMap { source in
            Self.silent(in: source).map { "\(source.path):\($0.line): \($0.name)" }
        }
        expectNone(
            faults, "Write @ModuleNeed(\"what is asked\", for: \"what for\") above it, and no default:")
    }

    @Test func `are told from other members`() {
        let text = """
            package struct LeadDependencies: Asking {
                @ModuleNeed("a lead", for: "deals")
                package var lead: @Sendable (LeadID) -> Lead?
                package var count: @Sendable () -> Int = { 0 }
                private var seen = 0
                package var isEmpty: Bool { seen == 0 }

                package init() {}
            }

            struct Lead {
                var name = ""
            }
            """
        let faults = Self.silent(in: SwiftSource(path: "Sources/X.swift", text: text))
        #expect(faults.map { $0.line } == [4])
    }
}
