import Foundation
import StandIns
import Testing

/// A file as an independent reader of PDF reads it (poppler-utils).
struct Poppler {
    let bytes: [UInt8]

    /// Runs a command on the file; `-` among the arguments stands for nothing but itself.
    func run(_ command: String, _ options: [String] = [], _ output: [String] = ["-"]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "bureau-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("document.pdf"),
            errors = folder.appendingPathComponent("errors")
        try Data(bytes).write(to: file)
        try Data().write(to: errors)
        let complaining = try FileHandle(forWritingTo: errors)
        let (status, text) = try runTool(
            [command] + options + [file.path] + output, errors: complaining.fileDescriptor)
        let complaints = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        // Poppler goes on where a file is broken, and says so.
        #expect(status == 0 && complaints.isEmpty, "\(command): \(complaints)")
        return String(decoding: text, as: UTF8.self)
    }

    func text(page: Int? = nil) throws -> String {
        try run("pdftotext", ["-enc", "UTF-8"] + (page.map { ["-f", "\($0)", "-l", "\($0)"] } ?? []))
    }

    /// Words in their order, without the marks of direction that the reader puts between them.
    func words(page: Int? = nil) throws -> [String] {
        let text = try text(page: page)
        return text.unicodeScalars.split { $0.properties.isWhitespace || $0.value == 0x0C }.map { word in
            String(
                String.UnicodeScalarView(
                    word.filter {
                        !(0x202A...0x202E).contains($0.value) && $0.value != 0x200E && $0.value != 0x200F
                    })
            )
            .precomposedStringWithCompatibilityMapping
        }.filter { !$0.isEmpty }
    }

    /// `Title: …` and so on.
    func information() throws -> [String: String] {
        var facts: [String: String] = [:]
        for command in [[], ["-custom"]] {
            for line in try run("pdfinfo", command, []).split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 {
                    facts[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
        }
        return facts
    }

    struct Font { var name: String, isEmbedded: Bool, hasText: Bool }

    func fonts() throws -> [Font] {
        try run("pdffonts", [], []).split(separator: "\n").dropFirst(2).map { line in
            let columns = line.split(separator: " ")
            let flags = columns.suffix(5)
            return Font(
                name: String(columns[0]), isEmbedded: flags.first == "yes",
                hasText: flags.dropFirst(2).first == "yes")
        }
    }

    /// Each page's picture: its size and its grey values.
    func picture(page: Int, resolution: Int = 40) throws -> (width: Int, height: Int, pixels: [UInt8]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "bureau-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let target = folder.appendingPathComponent("page").path
        _ = try run(
            "pdftoppm", ["-gray", "-singlefile", "-r", "\(resolution)", "-f", "\(page)", "-l", "\(page)"],
            [target])
        let data = Array(try Data(contentsOf: URL(fileURLWithPath: target + ".pgm")))
        let head = data.split(separator: 0x0A, maxSplits: 3)
        let size = String(decoding: head[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        return (size[0], size[1], Array(data.suffix(size[0] * size[1])))
    }
}
