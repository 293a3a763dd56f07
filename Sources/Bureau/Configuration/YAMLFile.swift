internal import CYAML

/// A value that the configuration file gives: where it stands, and its text, or texts.
struct FileValue: Equatable {
    enum Content: Equatable {
        case text(String)
        case list([String])
    }

    /// Names from the outermost map inwards, joined by dots.
    var name: String
    var line: Int
    var content: Content
}

struct YAMLError: Error, Equatable, CustomStringConvertible {
    let line: Int
    let reason: String
    var description: String { "line \(line): \(reason)" }
}

/// Reads the part of YAML that a configuration needs: maps of maps, texts, and lists of texts.
enum YAMLFile {
    private static let depthMax = 8

    static func parse(_ text: String) throws(YAMLError) -> [FileValue] {
        // It keeps pointers, to itself and to what it reads, until it has loaded the document.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { throw YAMLError(line: 1, reason: "out of memory") }
        defer { yaml_parser_delete(parser) }
        var document = yaml_document_t()
        let bytes = Array(text.utf8)
        let isLoaded = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            return yaml_parser_load(parser, &document) == 1
        }
        guard isLoaded else {
            let reason = parser.pointee.problem.map { String(cString: $0) } ?? "the file is not valid YAML"
            throw YAMLError(line: Int(parser.pointee.problem_mark.line) + 1, reason: reason)
        }
        defer { yaml_document_delete(&document) }
        guard let root = yaml_document_get_root_node(&document) else { return [] }
        var reader = Reader(document: document)
        try reader.read(root, "", depth: 0)
        return reader.values
    }

    private struct Reader {
        var document: yaml_document_t
        var values: [FileValue] = []

        mutating func read(
            _ node: UnsafeMutablePointer<yaml_node_t>, _ name: String, depth: Int
        ) throws(YAMLError) {
            let line = bureau_yaml_line(node)
            guard depth < YAMLFile.depthMax else {
                throw YAMLError(line: line, reason: "maps are nested too deeply")
            }
            switch bureau_yaml_kind(node) {
            case 1 where name.isEmpty:
                throw YAMLError(line: line, reason: "the file must hold names and values")
            case 1:
                let text = text(node)
                let isNothing = bureau_yaml_is_plain(node) == 1 && ["", "~", "null"].contains(text)
                if !isNothing { values.append(FileValue(name: name, line: line, content: .text(text))) }
            case 2:
                var texts: [String] = []
                for index in 0..<bureau_yaml_item_count(node) {
                    let item = try child(bureau_yaml_item(node, index), line)
                    guard bureau_yaml_kind(item) == 1 else {
                        throw YAMLError(
                            line: bureau_yaml_line(item), reason: "\(name) must be a list of texts")
                    }
                    texts.append(text(item))
                }
                values.append(FileValue(name: name, line: line, content: .list(texts)))
            case 3:
                var seen: Set<String> = []
                for index in 0..<bureau_yaml_pair_count(node) {
                    let key = try child(bureau_yaml_pair_key(node, index), line)
                    let keyLine = bureau_yaml_line(key)
                    guard bureau_yaml_kind(key) == 1 else {
                        throw YAMLError(line: keyLine, reason: "a name must be a text")
                    }
                    let part = text(key)
                    guard seen.insert(part).inserted else {
                        throw YAMLError(line: keyLine, reason: "\(part) is given twice")
                    }
                    let value = try child(bureau_yaml_pair_value(node, index), keyLine)
                    try read(value, name.isEmpty ? part : "\(name).\(part)", depth: depth + 1)
                }
            default: throw YAMLError(line: line, reason: "the file is not valid YAML")
            }
        }

        private mutating func child(
            _ index: Int32, _ line: Int
        ) throws(YAMLError) -> UnsafeMutablePointer<yaml_node_t> {
            guard let node = yaml_document_get_node(&document, index) else {
                throw YAMLError(line: line, reason: "the file is not valid YAML")
            }
            return node
        }

        private func text(_ node: UnsafeMutablePointer<yaml_node_t>) -> String {
            let bytes = UnsafeBufferPointer(
                start: bureau_yaml_text(node), count: bureau_yaml_text_length(node))
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
