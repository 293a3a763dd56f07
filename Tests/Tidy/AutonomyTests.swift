import Testing

/// The callers who ask how far an agent goes by itself.
struct Autonomy {
    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let comparison =
        /autonomy\s*[!=]=|[!=]=\s*\.(?:autopilot|approve|observe)(?![\w(])/
    nonisolated(unsafe) private static let choice =
        /switch [^{]*autonomy|case \.(?:autopilot|observe)(?![\w(])/

    private static func compares(_ line: String) -> Bool {
        line.contains(comparison) || line.contains(choice)
    }

    @Test func `is asked by the gate, and by nothing else`() {
        var faults: [String] = []
        for source in Project.sources where source.module != "Agents" {
            for (index, line) in source.code.enumerated() where Self.compares(line) {
                faults.append("\(source.path):\(index + 1): declare a tool, and ask for leave")
            }
        }
        expectNone(faults, "An agent's autonomy is compared in the gate only:")
    }

    @Test func `is recognised in every form of a comparison, and nowhere else`() {
        let comparisons = [
            "guard run.autonomy != .observe else { return }", "let asks = status.autonomy==.approve",
            "if mode == .autopilot {", "switch try tx.agents.status(agent).autonomy {", "case .observe: nil",
        ]
        for line in comparisons { #expect(Self.compares(line), "\(line)") }
        let others = [
            "let autonomy: Autonomy?", "agents.set(name, autonomy: .approve)", "times.observe(time)",
            "guard approval.status == .approved else {",
        ]
        for line in others {
            #expect(!Self.compares(line), "\(line)")
        }
    }
}
