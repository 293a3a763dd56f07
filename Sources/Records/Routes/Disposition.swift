package import HTTPServer

extension Response {
    /// The header that names a file (RFC 6266): in ASCII, and as it is. Names kept from elsewhere may hold anything.
    package static func disposition(_ kind: StaticString, fileName: String) -> (String, String) {
        let scalars = fileName.unicodeScalars.filter { scalar in
            !scalar.properties.isBidiControl && scalar.value != 0x2028 && scalar.value != 0x2029
                && !(0..<0x20).contains(scalar.value)
        }
        let folderless = scalars.map { $0 == "/" || $0 == "\\" ? "-" : $0 }
        let name = TextRule.printable(String(String.UnicodeScalarView(folderless)))
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0 != "\"" ? Character($0) : "_" })
        return (
            "Content-Disposition", "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(name.percentEncoded)"
        )
    }
}
