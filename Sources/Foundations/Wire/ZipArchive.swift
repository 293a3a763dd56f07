/// Files as one archive (PKWARE's APPNOTE.TXT, 6.3): compressed, with names in UTF-8. Of at most 4 GiB.
package struct ZipArchive {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    package init() {}

    /// Adds a file; its name is to be no other's.
    package mutating func add(_ name: String, _ bytes: [UInt8]) {
        let packed = Gzip.encoded(bytes)
        // A gzip stream is a head of ten bytes, the compressed bytes, their checksum and how many they were.
        let data = packed[10..<packed.count - 8], end = packed.suffix(8)
        let checksum = Array(end.prefix(4)), name = Array(name.utf8)
        var entry: [UInt8] = []
        entry += Self.bytes(20, 2)
        // Names are in UTF-8.
        entry += Self.bytes(1 << 11, 2)
        entry += Self.bytes(8, 2)
        // At midnight on the first of January 1980, so that the same files give the same archive.
        entry += Self.bytes(0, 2) + Self.bytes(1 << 5 | 1, 2)
        entry += checksum
        entry += Self.bytes(data.count, 4) + Self.bytes(bytes.count, 4)
        entry += Self.bytes(name.count, 2) + Self.bytes(0, 2)
        let place = body.count
        body += Self.bytes(0x0403_4b50, 4) + entry + name + data
        directory += Self.bytes(0x0201_4b50, 4) + Self.bytes(20, 2) + entry
        // No comment, one disk, no attributes.
        directory += Self.bytes(0, 2) + Self.bytes(0, 2) + Self.bytes(0, 2) + Self.bytes(0, 4)
        directory += Self.bytes(place, 4) + name
        count += 1
    }

    /// The archive as a file.
    package var bytes: [UInt8] {
        body + directory + Self.bytes(0x0605_4b50, 4) + Self.bytes(0, 4) + Self.bytes(count, 2)
            + Self.bytes(count, 2) + Self.bytes(directory.count, 4) + Self.bytes(body.count, 4)
            + Self.bytes(0, 2)
    }

    /// A number as so many bytes, the lowest first.
    private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
