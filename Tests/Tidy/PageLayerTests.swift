import Foundation
import Testing

/// The pages' modules: components in `static/ui`, which know nothing of what is shown in them, and what console and
/// portal make of them.
@Suite struct `The modules of the pages` {
    /// An import of a module: the names that are taken from it, of those that are known before it runs.
    private struct Import {
        let place: String, target: String
        let names: [Substring]
        let isAtOnce: Bool
    }

    private static let modules = Project.files(in: "static", named: ".js")
    private static let texts = Dictionary(uniqueKeysWithValues: modules.map { ($0, Project.text($0)) })

    // A pattern in a function is compiled for every module.
    nonisolated(unsafe) private static let taken =
        /(?m)^(?:import|export) (?:\* as \w+|\w+|\{([^}]*)\}) from "(\.[^"]+)";/
    nonisolated(unsafe) private static let loaded = /import\(\s*"(\.[^"]+)"\s*\)/
    nonisolated(unsafe) private static let given =
        /(?m)^export (?:async )?(?:function\*?|const|let|class) (?:(\w+)|\{([^}]*)\})/
    nonisolated(unsafe) private static let passed = /(?m)^export \{([^}]*)\}/

    private static let imports: [Import] = texts.flatMap { path, text in
        text.matches(of: taken).map { found in
            let names = parts(found.1 ?? "").map(\.first!)
            return Import(place: path, target: target(of: found.2, from: path), names: names, isAtOnce: true)
        }
            + text.matches(of: loaded).map { found in
                Import(place: path, target: target(of: found.1, from: path), names: [], isAtOnce: false)
            }
    }

    /// Returns the names between the braces of an import or an export: what each is, and what it is called.
    private static func parts(_ list: Substring) -> [[Substring]] {
        list.split(separator: ",").map { $0.split { $0.isWhitespace || $0 == ":" }.filter { $0 != "as" } }
            .filter { !$0.isEmpty }
    }

    private static func target(of written: Substring, from path: String) -> String {
        let folder = URL(fileURLWithPath: "/" + path).deletingLastPathComponent()
        return String(folder.appendingPathComponent(String(written)).standardized.path.dropFirst())
    }

    private static func exports(_ path: String) -> Set<Substring> {
        let text = texts[path] ?? ""
        var names = Set(text.matches(of: passed).flatMap { parts($0.1) }.map(\.last!))
        for found in text.matches(of: given) {
            if let name = found.1 { names.insert(name) }
            names.formUnion(parts(found.2 ?? "").map(\.last!))
        }
        return names
    }

    /// Nothing else would notice it before the page is opened: there is no build step.
    @Test func `import what there is`() {
        var faults: [String] = []
        for one in Self.imports {
            guard Self.texts[one.target] != nil else {
                faults.append("\(one.place) imports \(one.target)")
                continue
            }
            let exports = Self.exports(one.target)
            let missing = one.names.filter { !exports.contains($0) }
            faults += missing.map { "\(one.place) wants \($0) of \(one.target)" }
        }
        expectNone(faults.sorted(), "Not there:")
        #expect(Self.imports.count > 2000, "the patterns find them")
    }

    /// Each of these is one module, for the console and the portal alike.
    private static let components = [
        "table", "form", "field", "dialog", "menu", "palette", "toast", "bell", "timeline", "chart", "diff",
        "upload", "tabs", "board", "thread", "filter", "person", "money", "when", "state", "empty",
        "markdown",
    ]

    @Test func `have a component for whatever pages are made of`() {
        let used = Set(Self.imports.map(\.target))
        let unused = Self.components.map { "static/ui/\($0).js" }.filter { !used.contains($0) }
        expectNone(unused, "Not there, or of no use to pages and components:")
    }

    /// A component gets what it shows as an argument, and what it says as words: it serves every page.
    @Test func `that are components import nothing but components`() {
        let faults = Self.imports.filter {
            $0.place.hasPrefix("static/ui/") && !$0.target.hasPrefix("static/ui/")
        }.map { "\($0.place) imports \($0.target)" }
        expectNone(faults.sorted(), "Give these to the component instead:")
    }

    /// Code that two views share is a module of its own. Views are loaded by their addresses, in the portal
    /// all at once.
    @Test func `that are views know no other view`() {
        func isView(_ path: String) -> Bool { path.contains("/views/") }
        let known = Self.imports.filter {
            $0.isAtOnce && isView($0.target) && !["static/portal/main.js", "static/portal/others.js"].contains($0.place)
        }
        let faults = known.map { "\($0.place) imports \($0.target)" }
        expectNone(faults.sorted(), "Make a module of what both need:")
        #expect(Self.modules.count(where: isView) > 90, "all views are found")
    }
}
