/// A name as it stands in a command: in quotes, and of ASCII alone.
func imapQuoted(_ text: String) throws(MailFault) -> String {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
        throw .invalid("a name contains characters other than ASCII")
    }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}

/// A folder's name as servers have it, in modified UTF-7 (RFC 3501 §5.1.3): `Entwürfe` is `Entw&APw-rfe`.
func imapFolder(_ name: String) -> String {
    var result = "", run: [UInt16] = []
    func flush() {
        guard !run.isEmpty else { return }
        let bytes = run.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        result += "&" + base64(bytes).filter { $0 != "=" }.replacing("/", with: ",") + "-"
        run = []
    }
    for scalar in name.unicodeScalars {
        if (0x20..<0x7F).contains(scalar.value) {
            flush()
            result += scalar == "&" ? "&-" : String(scalar)
        } else {
            run += Array(String(scalar).utf16)
        }
    }
    flush()
    return result
}

/// The other way round; as it stands where it is none.
func imapFolderName(_ text: String) -> String {
    var result = "", rest = Substring(text)
    while let open = rest.firstIndex(of: "&") {
        guard let end = rest[open...].firstIndex(of: "-") else { break }
        result += rest[..<open]
        let coded = rest[rest.index(after: open)..<end]
        if coded.isEmpty {
            result += "&"
        } else {
            guard let bytes = base64Bytes(coded.replacing(",", with: "/")) else { return text }
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            result += String(decoding: units, as: UTF16.self)
        }
        rest = rest[rest.index(after: end)...]
    }
    return result + rest
}
