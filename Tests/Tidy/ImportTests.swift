import Testing

/// Who may import what (Package.swift): downwards only, and no slice another slice.
struct `Imports` {
    static let foundations: Set = [
        "JSON", "Telemetry", "HTTPServer", "HTTPClient", "Database", "Cryptography", "Markdown",
    ]
    static let slices: Set = [
        "Discovery", "Deals", "Delivery", "Conversations", "Support", "Campaigns", "Insights", "Operations",
    ]

    /// What each module may import of the others. `nil` for a module that is not placed yet.
    static func allowed(_ module: String) -> Set<String>? {
        let values = foundations.union(["Records", "Intelligence"])
        return switch module {
        case "JSON": []
        case "Telemetry": ["JSON"]
        case _ where foundations.contains(module): ["JSON", "Telemetry"]
        case "Records", "Intelligence": foundations
        case "Templates": ["JSON", "Telemetry", "Records", "Markdown"]
        case "Runtime": values
        case "Platform": values.union(["Runtime"])
        case "Messaging": values.union(["Runtime", "Platform", "Templates"])
        case _ where slices.contains(module): values.union(["Runtime", "Platform", "Messaging", "Templates"])
        case "Providers": values.union(["Runtime", "Platform", "Messaging"]).union(slices)
        case "Bureau":
            values.union(["Runtime", "Platform", "Messaging", "Providers", "Templates"]).union(slices)
        default: nil
        }
    }

    static let own = Set(Project.sources.map(\.module))
    static let system = Set(
        Project.files(in: "Sources/System").map { String($0.split(separator: "/")[2]) })

    private static func imports(_ source: SwiftSource) -> [(line: Int, module: String)] {
        source.code.enumerated().compactMap { index, text in
            let words = text.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place < 3, words.count > place + 1 else {
                return nil
            }
            return (index + 1, String(words[words.count - 1].split(separator: ".")[0]))
        }
    }

    @Test func `go downwards only`() {
        var faults: [String] = []
        for source in Project.sources {
            guard let allowed = Self.allowed(source.module) else {
                faults.append(
                    "\(source.path): the module \(source.module) has no place in Tests/Tidy/ImportTests.swift"
                )
                continue
            }
            for (line, module) in Self.imports(source)
            where Self.own.contains(module) && !allowed.contains(module) {
                faults.append("\(source.path):\(line): \(source.module) may not import \(module)")
            }
        }
        expectNone(faults, "A module imports what lies below it:")
    }

    @Test func `of a C library are one module's`() {
        var users: [String: Set<String>] = [:]
        for source in Project.sources {
            for (_, module) in Self.imports(source) where Self.system.contains(module) {
                users[module, default: []].insert(source.module)
            }
        }
        let faults = users.filter { $0.value.count > 1 }
            .map { "\($0.key): \($0.value.sorted().joined(separator: ", "))" }.sorted()
        expectNone(faults, "A C library is imported by one module, which wraps it for the others:")
    }

    @Test func `are enforced by Package.swift, which gives no slice another`() {
        var faults: [String] = []
        for (index, line) in Project.lines("Package.swift").enumerated() {
            let trimmed = line.drop { $0 == " " }
            let names = trimmed.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }
                .map { String($0.element) }
            guard trimmed.hasPrefix("module("), let target = names.first, let allowed = Self.allowed(target)
            else { continue }
            for name in names.dropFirst() where !allowed.contains(name) && !Self.system.contains(name) {
                faults.append("Package.swift:\(index + 1): \(target) may not see \(name)")
            }
        }
        expectNone(faults, "A target lists only what it may import:")
    }
}
