internal import CPango
internal import Glibc

/// A picture on a page of its own, as a file.
package struct PicturePage {
    /// The largest picture: few bytes can say that they are many pixels.
    private static let sideMax = 20_000, pixelsMax = 60_000_000

    private let bytes: [UInt8]
    private let isJPEG: Bool
    private let width: Int, height: Int

    /// `nil` where the bytes are no PNG and no JPEG, or too large.
    package init?(_ bytes: [UInt8]) {
        let png = Self.sizeOfPNG(bytes)
        guard let size = png ?? Self.sizeOfJPEG(bytes), (1...Self.sideMax).contains(size.width),
            (1...Self.sideMax).contains(size.height), size.width * size.height <= Self.pixelsMax
        else { return nil }
        (self.bytes, isJPEG, width, height) = (bytes, png == nil, size.width, size.height)
    }

    /// Returns the page; `nil` where the picture is damaged.
    package func pdf() -> [UInt8]? {
        var count = 0
        let page = unsafe bytes.withUnsafeBufferPointer { picture in
            unsafe bureau_picture_page(
                picture.baseAddress, picture.count, isJPEG ? 1 : 0, Int32(width), Int32(height), &count)
        }
        guard let page = unsafe page else { return nil }
        defer { unsafe free(page) }
        return unsafe Array(UnsafeBufferPointer(start: page, count: count))
    }

    /// By the head of the file (PNG, third edition, 11.2.1).
    private static func sizeOfPNG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.count > 33, bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) else {
            return nil
        }
        func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }

    /// By the first frame's header (ITU-T T.81, B.2.2).
    private static func sizeOfJPEG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.starts(with: [0xff, 0xd8]) else { return nil }
        func number(_ start: Int) -> Int { Int(bytes[start]) << 8 | Int(bytes[start + 1]) }
        var place = 2
        while place + 9 < bytes.count, bytes[place] == 0xff {
            let marker = bytes[place + 1]
            if marker == 0xff {
                place += 1
                continue
            }
            // Tables stand between the codes of frames.
            if (0xc0...0xcf).contains(marker), ![0xc4, 0xc8, 0xcc].contains(marker) {
                return (number(place + 7), number(place + 5))
            }
            if (0xd0...0xd8).contains(marker) || marker == 1 {
                place += 2
            } else {
                place += 2 + max(2, number(place + 2))
            }
        }
        return nil
    }
}
