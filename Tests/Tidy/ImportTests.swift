import Testing

/// The map of docs/architecture.md, which is the rule of imports: a module sees the layers above its own in the table,
/// and of its own layer what stands above it; slices never see one another.
struct `The map of modules` {
    struct Row: Sendable {
        let layer: String, module: String, sentence: String, lines: Int
        var folder: String {
            ["Providers", "Bureau"].contains(layer) ? "Sources/\(module)" : "Sources/\(layer)/\(module)"
        }
    }

    static let rows: [Row] = Project.lines("docs/architecture.md").flatMap { line -> [Row] in
        let cells = line.split(separator: "|").map { $0.trimmed }
        guard cells.count == 4, cells[1].hasPrefix("`") else { return [] }
        let lines = Int(cells[3].filter(\.isNumber)) ?? 0
        return cells[1].split(separator: ",").map { name in
            Row(
                layer: cells[0], module: String(name.filter { $0 != "`" && $0 != " " }), sentence: cells[2],
                lines: lines)
        }
    }

    /// Returns the modules that a module may import; `nil` where the map has no such module.
    static func allowed(_ module: String) -> Set<String>? {
        guard let index = rows.firstIndex(where: { $0.module == module }) else { return nil }
        let above = rows[..<index].filter { $0.layer != "Slices" || rows[index].layer != "Slices" }
        return Set(above.filter { $0.layer != "System" }.map(\.module))
    }

    static let system = Set(rows.filter { $0.layer == "System" }.map(\.module))

    private static func imports(_ source: SwiftSource) -> [(line: Int, module: String)] {
        source.code.enumerated().compactMap { index, text in
            let words = text.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place < 3, words.count > place + 1 else {
                return nil
            }
            return (index + 1, String(words[words.count - 1].split(separator: ".")[0]))
        }
    }

    @Test func `has every target of Package.swift and no other, each with a sentence`() {
        let targets = Set(Self.targets.map(\.folder))
        let placed = Set(Self.rows.map(\.folder))
        expectNone(targets.subtracting(placed).sorted(), "Not on the map of docs/architecture.md:")
        expectNone(placed.subtracting(targets).sorted(), "On the map, and no target of Package.swift:")
        expectNone(Self.rows.filter { !$0.sentence.hasSuffix(".") }.map(\.module), "Without a sentence:")
    }

    @Test func `says how large a module is`() {
        let faults = Dictionary(grouping: Self.rows) { $0.layer == "System" ? "Sources/System" : $0.folder }
            .compactMap { folder, rows -> String? in
                let files = Project.files(in: folder, named: ".swift", ".h", ".c", ".cpp")
                let lines = files.reduce(0) { $0 + Project.lines($1).count - 1 }, said = rows[0].lines
                return abs(said - lines) <= max(50, lines / 10) ? nil : "\(folder): \(lines), not \(said)"
            }
        expectNone(faults.sorted(), "Lines on the map that are wrong by more than a tenth:")
    }

    @Test func `is kept by every import`() {
        var faults: [String] = []
        let own = Set(Self.rows.map(\.module)).subtracting(Self.system)
        for source in Project.sources {
            guard let allowed = Self.allowed(source.module) else {
                faults.append("\(source.path): \(source.module) is not on the map")
                continue
            }
            for (line, module) in Self.imports(source) where own.contains(module) && !allowed.contains(module)
            {
                faults.append("\(source.path):\(line): \(source.module) may not import \(module)")
            }
        }
        expectNone(faults, "A module imports what stands above it on the map:")
    }

    @Test func `is kept by Package.swift, which gives no slice another`() {
        var faults: [String] = []
        for target in Self.targets {
            guard let allowed = Self.allowed(target.name) else { continue }
            for name in target.sees where !allowed.contains(name) && !Self.system.contains(name) {
                faults.append("\(target.name) may not see \(name)")
            }
        }
        #expect(Self.targets.count { !$0.sees.isEmpty } > 15)
        expectNone(faults, "A target lists only what it may import:")
    }

    @Test func `keeps the HTTP server out of the kernel`() {
        let kernel = Self.targets.filter { $0.folder.hasPrefix("Sources/Kernel/") }
        #expect(kernel.count >= 8)
        expectNone(
            kernel.filter { $0.sees.contains("HTTPServer") || $0.sees.contains("Routing") }.map(\.name),
            "Routes stand above the kernel:")
    }

    @Test func `gives each C library one module`() {
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

    // MARK: Package.swift

    struct Target {
        let name: String, folder: String, sees: [String]
    }

    /// The product's targets, their lists of names written out.
    static let targets: [Target] = {
        let text = Project.lines("Package.swift").map(String.init).joined(separator: "\n")
        var lists: [String: [String]] = [:]
        func names(_ expression: Substring) -> [String] {
            expression.matches(of: /"(\w+)"|\b([a-z]+)\b/).flatMap { found -> [String] in
                if let literal = found.1 { return [String(literal)] }
                return found.2.flatMap { lists[String($0)] } ?? []
            }
        }
        for found in text.matches(of: /\nlet (\w+) = ((?:\w+ \+ )?\[[^\]:]*\])/) {
            lists[String(found.1)] = names(found.2)
        }
        let modules = text.matches(of: /\n +module\(\s*"([\w\/]+)", ([^)]*?)(?:, besideC)?\)/).map { found in
            let folder = String(found.1)
            return Target(
                name: String(folder.split(separator: "/").last!), folder: "Sources/\(folder)",
                sees: names(found.2))
        }
        let bureau = text.firstMatch(of: /name: "Bureau",\s+dependencies: \(([^)]*)\)/)
        let folders = text.matches(of: /\n +system\("(\w+)"|path: "Sources\/System\/(\w+)"/)
            .compactMap { $0.1 ?? $0.2 }.map {
                Target(name: String($0), folder: "Sources/System/\($0)", sees: [])
            }
        return folders + modules
            + [Target(name: "Bureau", folder: "Sources/Bureau", sees: bureau.map { names($0.1) } ?? [])]
    }()
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
