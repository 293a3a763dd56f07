import Testing

/// How the pages look: sizes, weights and corners are those of one scale.
@Suite struct `The styles of the pages` {
    private static let scale: [String: Set<String>] = [
        "font-size": ["12px", "13px", "14px", "16px", "20px", "24px"], "font-weight": ["400", "500", "600"],
        "border-radius": ["0", "6px", "50%"],
    ]

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let rule = /\b(font-size|font-weight|border-radius): ([^;}]*[^;}\s])/

    @Test func `keep to one scale`() {
        var faults: [String] = [], count = 0
        for path in Project.files(in: "static", named: ".css") {
            for (index, line) in Project.lines(path).enumerated() {
                for found in line.matches(of: Self.rule) {
                    let (name, value) = (String(found.1), String(found.2))
                    count += 1
                    if Self.scale[name]?.contains(value) != true {
                        faults.append("\(path):\(index + 1): \(name): \(value)")
                    }
                }
            }
        }
        expectNone(faults, "Take what is nearest of the scale in Tests/Tidy/LookTests.swift:")
        #expect(count > 150, "the pattern finds the styles")
    }
}
