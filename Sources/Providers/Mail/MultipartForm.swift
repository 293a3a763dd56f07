internal import Cryptography

/// A body of `multipart/form-data` (RFC 7578).
struct MultipartForm {
    private var parts: [(head: String, body: [UInt8])] = []

    mutating func add(_ name: String, _ value: String) {
        parts.append(("Content-Disposition: form-data; name=\"\(Self.escaped(name))\"", Array(value.utf8)))
    }

    mutating func add(_ name: String, fileName: String, mediaType: String, _ bytes: [UInt8]) {
        let disposition = "form-data; name=\"\(Self.escaped(name))\"; filename=\"\(Self.escaped(fileName))\""
        let type = mediaType.filter { $0 >= " " && $0.isASCII }
        parts.append(("Content-Disposition: \(disposition)\r\nContent-Type: \(type)", bytes))
    }

    /// The bytes and their media type. The boundary is made of all that it divides: nothing in there can hold it.
    var encoded: (mediaType: String, bytes: [UInt8]) {
        let digest = SHA256()
        for part in parts {
            digest.update(Array(part.head.utf8))
            digest.update(part.body)
        }
        let boundary = "bureau-" + Hex.encode(digest.finish().prefix(16))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(100) { $0 + $1.head.utf8.count + $1.body.count + 60 })
        for part in parts {
            bytes += Array("--\(boundary)\r\n\(part.head)\r\n\r\n".utf8)
            bytes += part.body
            bytes += [13, 10]
        }
        bytes += Array("--\(boundary)--\r\n".utf8)
        return ("multipart/form-data; boundary=\(boundary)", bytes)
    }

    /// As browsers write names (HTML, "multipart/form-data encoding algorithm").
    private static func escaped(_ name: String) -> String {
        name.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
