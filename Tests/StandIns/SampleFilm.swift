extension SampleMedia {
    /// A grey MP4 of H.264 that shows one picture again and again, filled up to a size. `codec` is what it says that it
    /// is written with.
    package static func mp4(
        _ width: Int, _ height: Int, seconds: Int, size: Int = 2000, codec: String = "avc1", rate: Int = 30,
        hasSound: Bool = false
    ) -> [UInt8] {
        let picture = unit(slice(width, height))
        let kind = box("ftyp", Array("isom".utf8) + number(512, 4) + Array("isomavc1".utf8))
        func front(_ place: Int) -> [UInt8] {
            let head = box(
                "mvhd",
                number(0, 12) + number(1000, 4) + number(seconds * 1000, 4) + number(0x10000, 4)
                    + number(0x0100, 2) + number(0, 10) + matrix + number(0, 24) + number(3, 4))
            let film = track(
                1, width, height, seconds,
                media: pictures(width, height, picture.count, seconds * rate, rate, codec, at: place))
            let sound = hasSound ? track(2, 0, 0, seconds, media: silence()) : []
            return kind + box("moov", head + film + sound)
        }
        let place = front(0).count + 8
        let whole = front(place)
        return whole + box("mdat", fill(picture, to: max(0, size - whole.count - 8)))
    }

    static var matrix: [UInt8] {
        [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap { number($0, 4) }
    }

    /// A quarter with the clock: what was across goes down.
    private static func turning(_ height: Int) -> [UInt8] {
        [0, 0x10000, 0, 0xFFFF_0000, 0, 0, height << 16, 0, 0x4000_0000].flatMap { number($0, 4) }
    }

    static func box(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        number(content.count + 8, 4) + Array(kind.utf8) + content
    }

    static func track(
        _ id: Int, _ width: Int, _ height: Int, _ seconds: Int, isTurned: Bool = false, media: [UInt8]
    ) -> [UInt8] {
        let head = box(
            "tkhd",
            number(7, 4) + number(0, 8) + number(id, 4) + number(0, 4) + number(seconds * 1000, 4)
                + number(0, 16) + (isTurned ? turning(height) : matrix) + number(width << 16, 4)
                + number(height << 16, 4))
        return box("trak", head + box("mdia", media))
    }

    static func media(
        _ handler: String, _ scale: Int, _ length: Int, _ head: [UInt8], _ samples: [UInt8]
    ) -> [UInt8] {
        let place = box("dinf", box("dref", number(0, 4) + number(1, 4) + box("url ", number(1, 4))))
        return box("mdhd", number(0, 12) + number(scale, 4) + number(length, 4) + number(0x55C4_0000, 4))
            + box("hdlr", number(0, 8) + Array(handler.utf8) + number(0, 13))
            + box("minf", head + place + box("stbl", samples))
    }

    /// Every picture lies at the same place.
    private static func pictures(
        _ width: Int, _ height: Int, _ size: Int, _ count: Int, _ rate: Int, _ codec: String, at place: Int
    ) -> [UInt8] {
        let (sequence, parameters) = (sequence(width, height), parameters)
        let kind = box(
            "avcC",
            [1] + sequence[1...3] + [0xFF, 0xE1] + number(sequence.count, 2) + sequence + [1]
                + number(parameters.count, 2) + parameters)
        let entry = box(
            codec,
            number(0, 6) + number(1, 2) + number(0, 16) + number(width, 2) + number(height, 2)
                + number(0x48_0000, 4) + number(0x48_0000, 4) + number(0, 4) + number(1, 2) + number(0, 32)
                + number(24, 2) + number(0xFFFF, 2) + (codec == "avc1" ? kind : []))
        let samples =
            box("stsd", number(0, 4) + number(1, 4) + entry)
            + box("stts", number(0, 4) + number(1, 4) + number(count, 4) + number(1, 4))
            + box("stsc", number(0, 4) + number(1, 4) + number(1, 4) + number(1, 4) + number(1, 4))
            + box("stsz", number(0, 4) + number(size, 4) + number(count, 4))
            + box("stco", number(0, 4) + number(count, 4) + (0..<count).flatMap { _ in number(place, 4) })
        return media("vide", rate, count, box("vmhd", number(1, 4) + number(0, 8)), samples)
    }

    /// A track of sound that says how it is written, and nothing.
    private static func silence() -> [UInt8] {
        let decoder: [UInt8] = [0x04, 15, 0x40, 0x15] + number(0, 11) + [0x05, 2, 0x12, 0x10]
        // Its length counts what is within it.
        var esds: [UInt8] = decoder
        esds[1] = UInt8(decoder.count - 2)
        let description = [0x03, UInt8(esds.count + 6), 0, 1, 0] + esds + [0x06, 1, 2]
        let entry = box(
            "mp4a",
            number(0, 6) + number(1, 2) + number(0, 8) + number(2, 2) + number(16, 2) + number(0, 4)
                + number(44_100 << 16, 4) + box("esds", number(0, 4) + description))
        let samples =
            box("stsd", number(0, 4) + number(1, 4) + entry) + box("stts", number(0, 8))
            + box("stsc", number(0, 8)) + box("stsz", number(0, 12)) + box("stco", number(0, 8))
        return media("soun", 44_100, 0, box("smhd", number(0, 8)), samples)
    }

    // MARK: H.264

    /// Bits, the first of a byte first.
    struct Bits {
        private(set) var bytes: [UInt8] = []
        private var held: UInt8 = 0, count = 0

        mutating func put(_ value: Int, _ width: Int) {
            for place in (0..<width).reversed() {
                held = held << 1 | UInt8(value >> place & 1)
                count += 1
                guard count == 8 else { continue }
                bytes.append(held)
                (held, count) = (0, 0)
            }
        }

        /// Exp-Golomb: as many noughts as the number has bits behind its first.
        mutating func golomb(_ values: Int...) {
            for value in values {
                let width = Int.bitWidth - (value + 1).leadingZeroBitCount
                put(0, width - 1)
                put(value + 1, width)
            }
        }

        mutating func end() {
            put(1, 1)
            while count > 0 { put(0, 1) }
        }
    }

    private static func sequence(_ width: Int, _ height: Int) -> [UInt8] {
        let (columns, rows) = ((width + 15) / 16, (height + 15) / 16)
        var bits = Bits()
        bits.golomb(0, 0, 2, 0)
        bits.put(0, 1)
        bits.golomb(columns - 1, rows - 1)
        bits.put(0b111, 3)
        bits.golomb(0, (columns * 16 - width) / 2, 0, (rows * 16 - height) / 2)
        bits.put(0, 1)
        bits.end()
        return [0x67, 66, 0xC0, 40] + escaped(bits.bytes)
    }

    private static var parameters: [UInt8] {
        var bits = Bits()
        bits.golomb(0, 0)
        bits.put(0, 2)
        bits.golomb(0, 0, 0)
        bits.put(0, 3)
        bits.golomb(0, 0, 0)
        bits.put(0b100, 3)
        bits.end()
        return [0x68] + escaped(bits.bytes)
    }

    /// A picture in which every block is like its neighbours.
    private static func slice(_ width: Int, _ height: Int) -> [UInt8] {
        var bits = Bits()
        bits.golomb(0, 7, 0)
        bits.put(0, 4)
        bits.golomb(0)
        bits.put(0, 2)
        bits.golomb(0, 1)
        for _ in 0..<((width + 15) / 16) * ((height + 15) / 16) { bits.put(0b0010_0111, 8) }
        bits.end()
        return [0x65] + escaped(bits.bytes)
    }

    private static func unit(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count, 4) + bytes }

    /// Keeps what could be taken for the beginning of another unit apart.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [], zeros = 0
        for byte in bytes {
            if zeros == 2, byte <= 3 {
                result.append(3)
                zeros = 0
            }
            result.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return result
    }
}
