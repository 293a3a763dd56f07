import Testing

/// Names, states, roles and looks for assistive technology are the component layer's: views take them from
/// `static/ui`.
@Suite struct `The component layer` {
    /// Pages of others, in `static/public`, have no components.
    private static let views = ["static/app", "static/slices", "static/portal"].flatMap {
        Project.files(in: $0, named: ".js")
    }

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let attribute = /aria-[a-z]+|\.aria[A-Z]\w+/
    // The numbers and dates of Intl have styles, too.
    nonisolated(unsafe) private static let style =
        /\.style(?!\w)|\{ style \} = |\bstyle: (?!"(?:currency|percent|unit)")/
    nonisolated(unsafe) private static let role =
        /\brole: "(?:alert|dialog|grid|group|img|list|listbox|log|menu|meter|none|note|option|region|search|status|tab|tablist|tabpanel|toolbar)"/

    /// Attributes of ARIA by their names, roles of elements, and styles of their own; people's roles are others.
    private static func told(in line: Substring) -> [String] {
        [line.matches(of: attribute), line.matches(of: role), line.matches(of: style)].joined()
            .map { String($0.0) }
    }

    @Test func `alone tells names, states, roles and descriptions, and sets styles`() {
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

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let passing = /\btoast\((?:pair\()?(?:t\("Not |whyNot\(|problem)/

    /// A toast goes by itself: what could not be done stands until it is closed (`static/ui/alarm.js`).
    @Test func `tells what could not be done in no toast`() {
        var faults: [String] = []
        for path in Self.views {
            for (index, line) in Project.lines(path).enumerated() where line.contains(Self.passing) {
                faults.append("\(path):\(index + 1): \(line.drop { $0 == " " })")
            }
        }
        expectNone(faults, "Tell these by alarm:")
        #expect(#"(problem) => toast(pair(t("Not saved"), whyNot(problem))));"#.contains(Self.passing))
    }

    @Test func `is what the rule looks for`() {
        let told: [Substring] = [
            #"h("span", { "aria-hidden": "true" })"#, #"place.querySelector("[aria-current]")"#,
            #"h("p", { role: "status" })"#, #"h("a", { "aria-labelledby": id })"#,
            #"h("button", { "aria-label": text })"#, #"button.setAttribute("aria-label", other)"#,
            #"one.ariaLabel = text"#, #"cell.style.setProperty("width", width)"#,
            #"h("b", { style: "color: red" })"#, "const { style } = document.documentElement;",
        ]
        let names: [Substring] = [
            #"h("button", spokenAs(text))"#, #"new Intl.NumberFormat(tag, { style: "unit", unit })"#,
            #"document.head.append(style)"#, #"body: { ...given, role: "client" }"#, "h(\"p\", polite)",
        ]
        #expect(told.allSatisfy { Self.told(in: $0).count == 1 })
        #expect(names.allSatisfy { Self.told(in: $0).isEmpty })
    }
}
