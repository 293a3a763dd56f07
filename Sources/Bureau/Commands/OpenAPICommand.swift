internal import Cryptography
internal import Glibc
internal import JSON
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

struct OpenAPICommand: Command {
    static let usage = Usage<OpenAPICommand>(
        "openapi", "Prints the description of the API: OpenAPI 3.1, as YAML.",
        details: "With --json it is the document that the server has at /openapi.json.")

    func run(_ session: CommandSession) async throws {
        // Routes are made with an open folder; any will do.
        let folder = "/tmp/bureau-openapi-" + RandomToken.make(characters: 16)
        defer { removeFolder(folder) }
        var configuration = Configuration()
        configuration.data = folder
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let document = OpenAPI.document(
            app.routes, permissions: app.composition.permissions.json, version: bureauVersion)
        session.show(document, YAML.text(document))
    }
}

/// Removes a folder of files and folders.
func removeFolder(_ path: String) {
    for name in names(in: path) {
        let inner = path + "/" + name
        isFolder(inner) ? removeFolder(inner) : removeFile(inner)
    }
    rmdir(path)
}

/// Writes JSON as YAML in its block style.
enum YAML {
    static func text(_ json: JSON) -> String {
        var text = ""
        write(json, indent: 0, to: &text)
        return text
    }

    private static func write(_ json: JSON, indent: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch json {
        case .object(let object) where !object.isEmpty:
            for (key, value) in object.members {
                text += margin + scalar(key) + ":"
                writeMember(value, indent: indent, to: &text)
            }
        case .array(let items) where !items.isEmpty:
            for item in items {
                text += margin + "-"
                writeItem(item, indent: indent, to: &text)
            }
        default: text += margin + leaf(json) + "\n"
        }
    }

    private static func writeMember(_ value: JSON, indent: Int, to text: inout String) {
        if isLeaf(value) {
            text += " " + leaf(value) + "\n"
        } else {
            text += "\n"
            write(value, indent: indent + 2, to: &text)
        }
    }

    /// The first member stands behind the hyphen.
    private static func writeItem(_ item: JSON, indent: Int, to text: inout String) {
        if isLeaf(item) {
            text += " " + leaf(item) + "\n"
        } else {
            var inner = ""
            write(item, indent: indent + 2, to: &inner)
            text += " " + inner.dropFirst(indent + 2)
        }
    }

    private static func isLeaf(_ json: JSON) -> Bool {
        switch json {
        case .object(let object): object.isEmpty
        case .array(let items): items.isEmpty
        default: true
        }
    }

    private static func leaf(_ json: JSON) -> String {
        if case .string(let text) = json { scalar(text) } else { json.serialized }
    }

    /// Plain where nothing else could be read from it; otherwise as JSON has it, which YAML reads too.
    static func scalar(_ text: String) -> String {
        // Two dots make no number.
        let isVersion =
            text.split(separator: ".").count == 3
            && text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
        let isPlain =
            isVersion
            || text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } == true
                && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "/_-.,{}() ".utf8.contains($0) }
                && !text.hasSuffix(" ") && !words.contains(text.lowercased())
        return isPlain ? text : JSON.string(text).serialized
    }

    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }
    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
