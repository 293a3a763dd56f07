internal import Glibc
internal import JSON

/// A message between the server and the process that looks at a file: a document, and the bytes of a file behind it.
struct MediaMessage {
    let head: JSON
    let bytes: [UInt8]

    init(_ head: JSON, _ bytes: [UInt8] = []) { (self.head, self.bytes) = (head, bytes) }

    /// The length of the document in four bytes, and the document.
    var front: [UInt8] {
        let document = head.bytes
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: document.count >> $0) } + document
    }

    init?(_ whole: [UInt8]) {
        guard whole.count >= 4 else { return nil }
        let length = whole[0..<4].reduce(0) { $0 << 8 | Int($1) }
        guard whole.count >= 4 + length, let head = try? JSONParser.parse(Array(whole[4..<4 + length])) else {
            return nil
        }
        self.init(head, Array(whole[(4 + length)...]))
    }
}

/// A pipe from the side of the process that looks at a file.
enum ChildPipe {
    static func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = readSome(min(count - bytes.count, 1 << 20)), !more.isEmpty else { return nil }
            bytes += more
        }
        return bytes
    }

    static func readToEnd(_ most: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while let more = readSome(1 << 20) {
            guard !more.isEmpty else { return bytes }
            bytes += more
            guard bytes.count <= most else { return nil }
        }
        return nil
    }

    private static func readSome(_ most: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: most)
        while true {
            let count = unsafe Glibc.read(0, &buffer, most)
            if count >= 0 { return Array(buffer[0..<count]) }
            guard errno == EINTR else { return nil }
        }
    }

    static func write(_ message: MediaMessage) {
        for part in [message.front, message.bytes] {
            var done = 0
            while done < part.count {
                let count = unsafe part.withUnsafeBytes {
                    unsafe Glibc.write(1, $0.baseAddress! + done, part.count - done)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                done += count
            }
        }
    }
}
