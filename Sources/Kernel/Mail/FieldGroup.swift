internal import CGMime

/// Fields as headers and delivery reports have them: `Name: value`, unfolded.
struct FieldGroup {
    private var fields: [(name: String, value: String)] = []
    private static let groupsMax = 100, fieldsMax = 200

    var isEmpty: Bool { fields.isEmpty }

    /// The first field of that name.
    subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name == wanted }?.value
    }

    /// A mail's headers, decoded.
    init(_ message: UnsafeMutablePointer<GMimeObject>) {
        for index in unsafe 0..<max(0, min(bureau_mime_header_count(message), Int32(Self.fieldsMax))) {
            let header = unsafe bureau_mime_header_at(message, index)
            guard let name = unsafe String(borrowing: g_mime_header_get_name(header)) else { continue }
            fields.append((name.lowercased(), unsafe EncodedWords.decoded(rawValue(header))))
        }
    }

    private init() {}

    /// The groups of a text, which blank lines part.
    static func all(in text: String) -> [FieldGroup] {
        var groups: [FieldGroup] = [], group = FieldGroup()
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = Substring(line.last == 0x0D ? line.dropLast() : line)
            if line.isBlank {
                if !group.isEmpty { groups.append(group) }
                group = FieldGroup()
                if groups.count >= groupsMax { return groups }
            } else if let first = line.utf8.first, first == 0x20 || first == 0x09 {
                guard let last = group.fields.indices.last else { continue }
                group.fields[last].value += " " + trimmed(line)
            } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), group.fields.count < fieldsMax
            {
                group.fields.append(
                    (trimmed(line[..<colon]).lowercased(), trimmed(line[line.utf8.index(after: colon)...])))
            }
        }
        if !group.isEmpty { groups.append(group) }
        return groups
    }

    private static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8
        while let first = bytes.first, first <= 0x20 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }
}
