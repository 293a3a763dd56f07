internal import CAVFormat
internal import Glibc
internal import JSON

/// Looks at films: how long they are, how large, and how they are written. It lives in a process of its own
/// (`MediaChild`).
@safe struct FilmReader {
    let av: UnsafeMutablePointer<bureau_av>

    init() throws(LibraryMissing) {
        unsafe av = .allocate(capacity: 1)
        if let words = unsafe bureau_av_load(av) { throw unsafe LibraryMissing(what: String(cString: words)) }
    }

    var version: String { unsafe String(cString: av.pointee.version()!) }

    func look(at bytes: [UInt8]) -> MediaMessage {
        guard let isWebM = Self.isWebM(bytes) else { return .refused(.notMedia) }
        guard isWebM || Self.isWhole(bytes) else { return .refused(.damaged) }
        var found = unsafe bureau_film()
        let isFilm = unsafe bytes.withUnsafeBufferPointer {
            unsafe bureau_film_look(av, $0.baseAddress, $0.count, &found)
        }
        guard isFilm, let video = unsafe found.video else { return .refused(.damaged) }
        // A film may lie on its side, and be shown upright.
        let isTurned = unsafe Int(abs(found.rotation).rounded()) % 180 == 90
        let size = unsafe (Int(found.width), Int(found.height))
        let isQuickTime = bytes[8..<12].elementsEqual("qt  ".utf8)
        let film = unsafe FilmFinding(
            type: isWebM ? "video/webm" : isQuickTime ? "video/quicktime" : "video/mp4",
            width: isTurned ? size.1 : size.0, height: isTurned ? size.0 : size.1,
            seconds: found.seconds, frameRate: found.frame_rate, video: String(cString: video),
            audio: found.audio.map { unsafe String(cString: $0) })
        return MediaMessage(["film": film.json])
    }

    /// Returns whether the boxes that an MP4 is made of end where the file does: the library is content with
    /// a head.
    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        var place = 0
        while place + 8 <= bytes.count {
            var size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            if size == 0 { return true }
            if size == 1 {
                guard place + 16 <= bytes.count, bytes[place + 8] < 0x40 else { return false }
                size = bytes[place + 8..<place + 16].reduce(0) { $0 << 8 | Int($1) }
            }
            guard size >= 8, size <= bytes.count - place else { return false }
            place += size
        }
        return place == bytes.count
    }

    /// Returns whether it is a WebM, or an MP4 or QuickTime; `nil`: neither.
    private static func isWebM(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count > 64 else { return nil }
        if bytes[4..<8].elementsEqual("ftyp".utf8) { return false }
        guard bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return nil }
        let head = String(decoding: bytes[0..<64], as: UTF8.self)
        return head.contains("webm") ? true : nil
    }
}
