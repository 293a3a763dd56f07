package import HTTPServer
internal import Records

extension Response {
    /// Returns the header that names a file (RFC 6266), in ASCII and in Unicode. Names from elsewhere may hold any
    /// character.
    package static func disposition(_ kind: StaticString, fileName: String) -> (String, String) {
        let scalars = fileName.unicodeScalars.filter {
            TextRule.mayStandInLine($0) && !$0.properties.isBidiControl
        }
        let folderless = scalars.map { $0 == "/" || $0 == "\\" ? "-" : $0 }
        let name = folderless.isEmpty ? "file" : String(String.UnicodeScalarView(folderless))
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0 != "\"" ? Character($0) : "_" })
        return (
            "Content-Disposition", "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(name.percentEncoded)"
        )
    }
}
