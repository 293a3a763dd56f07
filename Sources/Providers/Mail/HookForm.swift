internal import Cryptography
internal import HTTPServer
internal import JSON

/// A form as receipts keep it: `{"fields": {…}, "files": [{name, file_name, media_type, base64}]}`. A field that
/// is no UTF-8 is under `encoded`, in base 64, so that no byte of it is lost.
struct HookForm {
    struct File {
        let name: String, fileName: String?, mediaType: String?
        let bytes: [UInt8]
    }

    private(set) var fields: [(name: String, bytes: [UInt8])] = []
    private(set) var files: [File] = []

    /// Reads a form; of fields with one name the first counts.
    init(_ form: FormData) {
        var names: Set<String> = []
        for part in form.parts {
            if let fileName = part.fileName {
                files.append(
                    File(name: part.name, fileName: fileName, mediaType: part.mediaType, bytes: part.bytes))
            } else if names.insert(part.name).inserted {
                fields.append((part.name, part.bytes))
            }
        }
    }

    /// `nil` for what is no such form.
    init?(_ payload: JSON) {
        guard let fields = payload["fields"]?.object else { return nil }
        for (name, value) in fields.members { self.fields.append((name, Array((value.text ?? "").utf8))) }
        for (name, value) in payload["encoded"]?.object?.members ?? [] {
            self.fields.append((name, value.text.flatMap { Base64.decode($0) } ?? []))
        }
        for file in payload["files"]?.array ?? [] {
            files.append(
                File(
                    name: file["name"]?.text ?? "", fileName: file["file_name"]?.text,
                    mediaType: file["media_type"]?.text,
                    bytes: file["base64"]?.text.flatMap { Base64.decode($0) } ?? []))
        }
    }

    var json: JSON {
        var texts = JSONObject(), encoded = JSONObject()
        for (name, bytes) in fields {
            if let text = String(validating: bytes, as: UTF8.self) {
                texts.append(name, .string(text))
            } else {
                encoded.append(name, .string(Base64.encode(bytes)))
            }
        }
        let files = files.map { file -> JSON in
            [
                "name": .string(file.name), "file_name": JSON(file.fileName),
                "media_type": JSON(file.mediaType), "base64": .string(Base64.encode(file.bytes)),
            ]
        }
        var json: JSONObject = ["fields": .object(texts), "files": .array(files)]
        if !encoded.isEmpty { json.append("encoded", .object(encoded)) }
        return .object(json)
    }

    /// A field, whose name is told apart without regard to case: names of headers vary.
    func bytes(_ name: String) -> [UInt8]? {
        fields.first { $0.name == name }?.bytes
            ?? fields.first { $0.name.lowercased() == name.lowercased() }?.bytes
    }

    func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// A field that is JSON itself.
    func json(_ name: String) -> JSON? { bytes(name).flatMap { try? JSONParser.parse($0) } }
}
