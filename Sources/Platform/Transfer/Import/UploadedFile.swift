internal import Glibc
internal import HTTPServer
internal import Records

/// The file inside an upload: the whole body, or the part `file` of a form, cut out on the disk.
final class UploadedFile: Sendable {
    private let body: SpooledBody
    let size: Int64
    let mediaType: String
    let fileName: String?
    private let range: Range<Int64>?

    var path: String { body.path }

    init(_ body: SpooledBody, contentType: String) throws(Problem) {
        self.body = body
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard type == "multipart/form-data" else {
            (size, mediaType, fileName, range) = (body.size, type, nil, nil)
            return
        }
        let part = try MultipartFile(path: body.path, size: body.size, contentType: contentType)
        guard !part.content.isEmpty else { throw Problem(faults: [.emptyFile]) }
        (size, fileName) = (Int64(part.content.count), part.fileName)
        let isLines =
            part.mediaType == "application/x-ndjson"
            || [".jsonl", ".ndjson"].contains { part.fileName?.lowercased().hasSuffix($0) == true }
        mediaType = isLines ? "application/x-ndjson" : "text/csv"
        range = part.content
    }

    /// Keeps the file in `folder`, safe against a crash from here on.
    func keep(in folder: String) throws {
        if let range { try cut(range) }
        let name = path.split(separator: "/").last.map(String.init) ?? "upload"
        mkdir(folder, 0o700)
        try body.keep(at: "\(folder)/\(name)")
        try body.synchronize()
    }

    /// Moves the part to the file's beginning and shortens the file to it.
    private func cut(_ range: Range<Int64>) throws {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Problem(.unavailable) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var from = range.lowerBound, to: Int64 = 0
        while from < range.upperBound {
            let count = pread(
                descriptor, &buffer, Int(min(Int64(buffer.count), range.upperBound - from)), Int(from))
            guard count > 0, pwrite(descriptor, buffer, count, Int(to)) == count else {
                throw Problem(.unavailable)
            }
            from += Int64(count)
            to += Int64(count)
        }
        guard ftruncate(descriptor, Int(to)) == 0 else { throw Problem(.unavailable) }
    }
}

/// Finds the part `file` of a form (RFC 7578) in a file, by its first and last bytes.
struct MultipartFile {
    let content: Range<Int64>
    let fileName: String?
    let mediaType: String?

    private static let headSize = 64 * 1024

    init(path: String, size: Int64, contentType: String) throws(Problem) {
        guard let boundary = Self.parameter("boundary", of: contentType), !boundary.isEmpty else {
            throw Problem(.unsupportedMediaType, "multipart/form-data needs a boundary.")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Problem(.unavailable) }
        defer { close(descriptor) }
        let head = Self.bytes(descriptor, at: 0, Int(min(size, Int64(Self.headSize))))
        let fence = Array("--\(boundary)".utf8)
        guard let start = Self.find(fence, in: head, from: 0),
            let end = Self.find([13, 10, 13, 10], in: head, from: start + fence.count)
        else { throw Self.missing }
        let headers = String(decoding: head[(start + fence.count)..<end], as: UTF8.self)
        guard Self.parameter("name", of: headers) == "file" else { throw Self.missing }
        fileName = Self.parameter("filename", of: headers)
        mediaType = headers.split(whereSeparator: \.isNewline).first {
            $0.lowercased().hasPrefix("content-type:")
        }
        .map { $0.dropFirst("content-type:".count).trimmingPrefix { $0 == " " }.lowercased() }
        let first = Int64(end + 4)
        guard let last = Self.lastFence(fence, descriptor, from: first, size: size) else {
            throw Self.missing
        }
        content = first..<last
    }

    private static var missing: Problem {
        Problem(faults: [
            Fault("/file", "required", "The form must have a part named file, before any other.")
        ])
    }

    /// Where the content ends: before the next fence. It is searched piece by piece.
    private static func lastFence(
        _ fence: [UInt8], _ descriptor: Int32, from start: Int64, size: Int64
    ) -> Int64? {
        let pattern = [13, 10] + fence
        var place = start
        while place < size {
            let piece = bytes(descriptor, at: place, 1 << 20)
            if let found = find(pattern, in: piece, from: 0) { return place + Int64(found) }
            if piece.count < pattern.count { return nil }
            place += Int64(piece.count - pattern.count + 1)
        }
        return nil
    }

    private static func bytes(_ descriptor: Int32, at offset: Int64, _ count: Int) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let read = pread(descriptor, &buffer, count, Int(offset))
        return Array(buffer.prefix(max(0, read)))
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count + start else { return nil }
        return (start...(bytes.count - pattern.count)).first { place in
            bytes[place] == pattern[0] && bytes[place..<place + pattern.count].elementsEqual(pattern)
        }
    }

    private static func parameter(_ name: String, of text: String) -> String? {
        for part in text.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, String(pair[0]).trimmed.lowercased() == name else { continue }
            return String(pair[1].filter { $0 != "\"" }).trimmed
        }
        return nil
    }
}
