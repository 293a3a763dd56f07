import Foundation
import Glibc
import Testing

/// The project's files as these tests read them.
enum Project {
    static let root =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/"

    /// Paths of all files below a folder, from the root, sorted; none where the folder is absent.
    static func files(in folder: String, named suffixes: String...) -> [String] {
        let paths = FileManager.default.enumerator(atPath: root + folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { path in suffixes.isEmpty || suffixes.contains { path.hasSuffix($0) } }
            .map { "\(folder)/\($0)" }.filter { !isFolder($0) && !$0.contains("/.build/") }.sorted()
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: root + path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Empty when it is absent; what is no UTF-8 becomes replacement characters.
    static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: root + path) ?? Data(), as: UTF8.self)
    }

    static func lines(_ path: String) -> [Substring] { text(path).lines }

    /// The product's Swift.
    static let sources = files(in: "Sources", named: ".swift").map { SwiftSource(path: $0, text: text($0)) }
    static let tests = files(in: "Tests", named: ".swift").map { SwiftSource(path: $0, text: text($0)) }

    /// Everything that people wrote as text.
    static let texts: [String] = {
        let folders = [
            "Sources", "Tests", "Benchmarks", "Config", "docs", "deploy", "scripts", "static", "openapi",
            ".ci",
        ]
        let ofRoot = [
            "Package.swift", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".swift-format",
            ".editorconfig", ".gitignore",
        ]
        let binary = [".png", ".ico", ".woff2", ".gz", ".pyc", ".sqlite", ".pdf"]
        return ofRoot.filter(exists)
            + folders.flatMap { files(in: $0) }.filter { path in !binary.contains { path.hasSuffix($0) } }
    }()
}

extension StringProtocol {
    /// Returns whether the literal is in it, by bytes: `contains` looks for Characters, which takes far longer.
    func has(_ literal: String) -> Bool { strstr(String(self), literal) != nil }
}

extension String {
    /// The lines, cut by bytes, too.
    var lines: [Substring] {
        utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// The lines with one of the literals, counted from 1. Most files have none, and are not cut into lines.
    func lines(with literals: [String]) -> [(number: Int, text: Substring)] {
        let found = literals.filter { has($0) }
        guard !found.isEmpty else { return [] }
        return lines.enumerated().filter { _, line in found.contains { line.has($0) } }
            .map { (number: $0 + 1, text: $1) }
    }
}

/// Fails with every fault on a line of its own.
func expectNone(_ faults: [String], _ rule: String, at place: SourceLocation = #_sourceLocation) {
    let shown = faults.prefix(40).joined(separator: "\n  ")
    let more = faults.count > 40 ? "\n  and \(faults.count - 40) more" : ""
    #expect(faults.isEmpty, "\(rule)\n  \(shown)\(more)", sourceLocation: place)
}
