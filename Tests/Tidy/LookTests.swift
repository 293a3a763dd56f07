import Testing

/// The look of the pages: sizes, weights, corners and spaces are those of one scale.
@Suite struct `The styles of the pages` {
    private static let scale: [String: Set<String>] = [
        "font-size": ["12px", "13px", "14px", "16px", "20px", "24px"], "font-weight": ["400", "500", "600"],
        "border-radius": ["0", "6px", "50%"],
    ]
    private static let spaces = ["4", "8", "12", "16", "24", "32", "48"]
    private static let sheets = Project.files(in: "static", named: ".css")

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let rule = /\b(font-size|font-weight|border-radius): ([^;}]*[^;}\s])/
    // A distance that something is scrolled from an edge is no space.
    nonisolated(unsafe) private static let space =
        /(?:^|[ {;])((?:padding|margin|gap|row-gap|column-gap)[a-z-]*): ([^;}]*[^;}\s])/
    nonisolated(unsafe) private static let step = /var\(--space-(\d+)\)/
    nonisolated(unsafe) private static let given =
        /-1 \*|var\(--[a-z0-9-]+(?:, [^()]*)?\)|\b(?:auto|0|calc)\b|[()+ ]/

    @Test func `keep to one scale`() {
        var faults: [String] = [], count = 0
        for path in Self.sheets {
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

    /// Returns whether part of a space is neither a step of the scale nor a length that scripts give.
    private static func loose(in value: Substring) -> Bool {
        value.matches(of: step).contains { !spaces.contains(String($0.1)) }
            || !value.replacing(given, with: "").isEmpty
    }

    @Test func `take their spaces from one set`() {
        var faults: [String] = [], count = 0
        for path in Self.sheets {
            for (index, line) in Project.lines(path).enumerated() {
                for found in line.matches(of: Self.space) {
                    count += 1
                    if Self.loose(in: found.2) {
                        faults.append("\(path):\(index + 1): \(found.1): \(found.2)")
                    }
                }
            }
        }
        expectNone(faults, "Take the nearest of --space-4 to --space-48, which static/style.css has:")
        #expect(count > 500, "the pattern finds the spaces")
        let sheet = Project.text("static/style.css")
        for step in Self.spaces { #expect(sheet.contains("--space-\(step): \(step)px;"), "\(step)") }
    }

    @Test(arguments: [
        ("0 auto", false), ("var(--space-4) calc(-1 * var(--space-8)) 0", false),
        ("calc(var(--space-48) + var(--toasts, 0px))", false), ("var(--above, 0) 0", false),
        ("var(--space-4) .3rem", true), ("2px", true), ("var(--space-10)", true), ("-1rem", true),
        ("6vh", true),
    ])
    func `tell a step of the scale from a loose length`(_ value: String, _ isLoose: Bool) {
        #expect(Self.loose(in: value[...]) == isLoose, "\(value)")
    }
}
