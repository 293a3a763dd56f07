import Testing

/// What assistive technology is told of an element is the component layer's: views give names to elements, and take
/// states, roles and descriptions from `static/ui`.
@Suite struct `The component layer` {
    /// The page of the API's reference and what stands on others' pages have no components.
    private static let apart: Set = ["static/app/docs.js"]

    private static let views = ["static/app", "static/slices", "static/portal"].flatMap {
        Project.files(in: $0, named: ".js")
    }.filter { !apart.contains($0) }

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let attribute = /aria-(?!label")[a-z]+/
    nonisolated(unsafe) private static let role =
        /\brole: "(?:alert|dialog|grid|group|img|list|listbox|log|menu|meter|none|note|option|region|search|status|tab|tablist|tabpanel|toolbar)"/

    /// Attributes of ARIA by their names, and roles of elements; people's roles are others.
    private static func told(in line: Substring) -> [String] {
        line.matches(of: attribute).map { String($0.0) } + line.matches(of: role).map { String($0.0) }
    }

    @Test func `alone tells states, roles and descriptions`() {
        var faults: [String] = []
        for path in Self.views {
            for (index, line) in Project.lines(path).enumerated() {
                faults += Self.told(in: line).map { "\(path):\(index + 1): \($0)" }
            }
        }
        expectNone(faults, "Take these from static/ui/state.js, or make a component of it:")
        #expect(Self.views.count > 250, "all views are found")
    }

    @Test func `is used wherever something is told`() {
        let users = Self.views.filter { Project.text($0).contains("/ui/state.js\"") }
        #expect(users.count > 60)
    }

    @Test func `is what the rule looks for`() {
        let told: [Substring] = [
            #"h("span", { "aria-hidden": "true" })"#, #"place.querySelector("[aria-current]")"#,
            #"h("p", { role: "status" })"#, #"h("a", { "aria-labelledby": id })"#,
        ]
        let names: [Substring] = [
            #"h("button", { "aria-label": text })"#, #"button.setAttribute("aria-label", other)"#,
            #"body: { ...given, role: "client" }"#, "h(\"p\", polite)",
        ]
        #expect(told.allSatisfy { Self.told(in: $0).count == 1 })
        #expect(names.allSatisfy { Self.told(in: $0).isEmpty })
    }
}
