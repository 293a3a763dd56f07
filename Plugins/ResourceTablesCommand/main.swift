import Foundation

// Usage: resource-tables FOLDER OUTPUT FILE…
// Writes the files, which lie below FOLDER, as a table of Swift by their paths there.

func fail(_ reason: String) -> Never {
    FileHandle.standardError.write(Data("error: \(reason)\n".utf8))
    exit(1)
}

/// The text as a raw string literal of several lines, with as many `#` as it takes that nothing in it ends it or is
/// read as an interpolation.
func literal(_ text: String) -> String {
    var longest = 0, run = 0
    for character in text.unicodeScalars {
        run = character == "#" ? run + 1 : 0
        longest = max(longest, run)
    }
    let marks = String(repeating: "#", count: longest + 1)
    return "\(marks)\"\"\"\n\(text)\n\"\"\"\(marks)"
}

let arguments = CommandLine.arguments.dropFirst().map { String($0) }
guard arguments.count > 2 else { fail("usage: resource-tables FOLDER OUTPUT FILE…") }
let folder = arguments[0].hasSuffix("/") ? arguments[0] : arguments[0] + "/"

var table = """
    /// The files of the folder Resources, by their paths there.
    enum ResourceTable {
        static let texts: [String: String] = [

    """
for path in arguments[2...] {
    guard path.hasPrefix(folder) else { fail("\(path) is not below \(folder)") }
    guard let data = FileManager.default.contents(atPath: path) else { fail("\(path) cannot be read") }
    guard let text = String(validating: data, as: UTF8.self), !text.contains("\0") else {
        fail("\(path) is not UTF-8 text")
    }
    let key = String(path.dropFirst(folder.count))
    guard !key.contains("\""), !key.contains("\\") else { fail("\(path) has a name that is no key") }
    table += "\"\(key)\": \(literal(text)),\n"
}
table += "    ]\n}\n"
// A table that says what it said is left alone: a file that is written compiles its target anew.
if FileManager.default.contents(atPath: arguments[1]) == Data(table.utf8) { exit(0) }
do {
    try table.write(toFile: arguments[1], atomically: true, encoding: .utf8)
} catch {
    fail("\(arguments[1]) cannot be written: \(error)")
}
