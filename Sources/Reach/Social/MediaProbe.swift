package import Media

/// A picture or film as its own bytes tell it, whatever name and type it was sent under.
package struct MediaProbe: Hashable, Sendable {
    /// `nil`: no kind that a network takes.
    package var type: String?
    package var width: Int?, height: Int?
    /// The length of a film in seconds.
    package var seconds: Double?
    /// The number of pictures of a film in a second.
    package var frameRate: Double?
    /// The codecs of a film's picture and sound; `nil` where nobody has looked yet, or there is no sound.
    package var codec: String?, audioCodec: String?
    package var size = 0

    package init() {}

    package init(_ bytes: [UInt8]) {
        self.init()
        size = bytes.count
        let look = ByteLook(bytes)
        if look.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0), look.has("IHDR", at: 12) {
            set("image/png", look.big(16, 4), look.big(20, 4))
        } else if look.has("GIF8", at: 0) {
            set("image/gif", look.little(6, 2), look.little(8, 2))
        } else if look.has([0xFF, 0xD8, 0xFF], at: 0) {
            readJPEG(look)
        } else if look.has("RIFF", at: 0), look.has("WEBP", at: 8) {
            readWebP(look)
        } else if look.has("ftyp", at: 4) {
            readMP4(look)
        } else if look.has([0x1A, 0x45, 0xDF, 0xA3], at: 0) {
            type = "video/webm"
        }
    }

    /// A picture as it was read to its end.
    package init(_ picture: PictureFinding) {
        self.init()
        (type, width, height, size) = (picture.type, picture.width, picture.height, picture.size)
    }

    /// A film as libavformat has found it.
    package init(_ film: FilmFinding, size: Int) {
        self.init()
        (type, width, height, self.size) = (film.type, film.width, film.height, size)
        (seconds, frameRate) = (film.seconds, film.frameRate)
        (codec, audioCodec) = (film.video, film.audio)
    }

    package var isImage: Bool { type?.hasPrefix("image/") == true }
    package var isVideo: Bool { type?.hasPrefix("video/") == true }

    /// Width divided by height.
    package var ratio: Double? {
        guard let width, let height, width > 0, height > 0 else { return nil }
        return Double(width) / Double(height)
    }

    private mutating func set(_ type: String, _ width: Int?, _ height: Int?) {
        // A head without a size is no picture.
        guard let width, let height, width > 0, height > 0 else { return }
        (self.type, self.width, self.height) = (type, width, height)
    }

    /// Goes from marker to marker until the one of the frame, which has the size.
    private mutating func readJPEG(_ look: ByteLook) {
        var place = 2
        while let mark = look.big(place, 1), mark == 0xFF, let kind = look.big(place + 1, 1) {
            if kind == 0xFF {
                place += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(kind) && ![0xC4, 0xC8, 0xCC].contains(kind)
            if isFrame { return set("image/jpeg", look.big(place + 7, 2), look.big(place + 5, 2)) }
            let standsAlone = kind == 0x01 || (0xD0...0xD8).contains(kind)
            guard !standsAlone else {
                place += 2
                continue
            }
            guard kind != 0xD9, kind != 0xDA, let length = look.big(place + 2, 2), length >= 2 else { return }
            place += 2 + length
        }
    }

    private mutating func readWebP(_ look: ByteLook) {
        if look.has("VP8X", at: 12), let width = look.little(24, 3), let height = look.little(27, 3) {
            set("image/webp", width + 1, height + 1)
        } else if look.has("VP8L", at: 12), let bits = look.little(21, 4) {
            set("image/webp", bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        } else if look.has("VP8 ", at: 12), let width = look.little(26, 2), let height = look.little(28, 2) {
            set("image/webp", width & 0x3FFF, height & 0x3FFF)
        }
    }

    private mutating func readMP4(_ look: ByteLook) {
        type = look.has("qt  ", at: 8) ? "video/quicktime" : "video/mp4"
        guard let movie = look.box("moov", in: 0..<look.count) else { return }
        if let head = look.box("mvhd", in: movie), let version = look.big(head.lowerBound, 1) {
            let (scalePlace, lengthPlace, width) = version == 1 ? (20, 24, 8) : (12, 16, 4)
            if let scale = look.big(head.lowerBound + scalePlace, 4), scale > 0,
                let length = look.big(head.lowerBound + lengthPlace, width)
            {
                seconds = Double(length) / Double(scale)
            }
        }
        var rest = movie
        while let track = look.box("trak", in: rest) {
            rest = track.upperBound..<movie.upperBound
            guard let head = look.box("tkhd", in: track), head.count >= 8,
                let wide = look.big(head.upperBound - 8, 4), let high = look.big(head.upperBound - 4, 4),
                wide >> 16 > 0, high >> 16 > 0
            else { continue }
            (width, height) = (wide >> 16, high >> 16)
            return
        }
    }
}

/// Numbers and words at places of a file; `nil` behind its end.
private struct ByteLook {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func has(_ expected: [UInt8], at place: Int) -> Bool {
        place >= 0 && bytes.count - place >= expected.count && bytes[place...].starts(with: expected)
    }

    func has(_ word: String, at place: Int) -> Bool { has(Array(word.utf8), at: place) }

    func big(_ place: Int, _ width: Int) -> Int? {
        guard place >= 0, bytes.count - place >= width else { return nil }
        var value = UInt64(0)
        for byte in bytes[place..<place + width] { value = value << 8 | UInt64(byte) }
        return Int(exactly: value)
    }

    func little(_ place: Int, _ width: Int) -> Int? {
        guard place >= 0, bytes.count - place >= width else { return nil }
        return bytes[place..<place + width].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The content of the first box of a kind in a part of the file.
    func box(_ kind: String, in part: Range<Int>) -> Range<Int>? {
        var place = part.lowerBound
        while place + 8 <= part.upperBound, var size = big(place, 4) {
            var head = 8
            if size == 1, let large = big(place + 8, 8) { (size, head) = (large, 16) }
            if size == 0 { size = part.upperBound - place }
            guard size >= head, size <= part.upperBound - place else { return nil }
            if has(kind, at: place + 4) { return place + head..<place + size }
            place += size
        }
        return nil
    }
}
