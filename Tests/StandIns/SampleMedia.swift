/// Pictures that are small to write and whole to read, and some that are meant to harm.
package enum SampleMedia {
    // MARK: JPEG

    /// A grey JPEG, filled up to a size behind its end: each block of it is two bits.
    package static func jpeg(_ width: Int, _ height: Int, size: Int = 0) -> [UInt8] {
        fill(
            jpeg(
                width, height, components: 1,
                front: segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])), to: size)
    }

    /// A JPEG in the colours of a printing press.
    package static func pressJPEG(_ width: Int, _ height: Int) -> [UInt8] {
        jpeg(
            width, height, components: 4, front: segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 0]))
    }

    /// A JPEG as a telephone takes it: on its side, with the place where it was taken.
    package static func photo(_ width: Int, _ height: Int, turn: Int = 6) -> [UInt8] {
        func entry(_ tag: Int, _ kind: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
            number(tag, 2) + number(kind, 2) + number(count, 4) + value
        }
        let places = 8 + 2 + 2 * 12 + 4, latitude = places + 2 + 2 * 12 + 4
        let front = Array("MM".utf8) + [0, 42] + number(8, 4)
        let first =
            number(2, 2) + entry(0x0112, 3, 1, number(turn, 2) + [0, 0])
            + entry(0x8825, 4, 1, number(places, 4)) + number(0, 4)
        let second =
            number(2, 2) + entry(1, 2, 2, Array("N".utf8) + [0, 0, 0])
            + entry(2, 5, 3, number(latitude, 4)) + number(0, 4)
        let degrees = [52, 1, 30, 1, 59, 1].flatMap { number($0, 4) }
        let exif = Array("Exif".utf8) + [0, 0] + front + first + second + degrees
        return jpeg(width, height, components: 1, front: segment(0xE1, exif))
    }

    private static func jpeg(_ width: Int, _ height: Int, components: Int, front: [UInt8]) -> [UInt8] {
        let ids = (1...components).map { UInt8($0) }
        let tables = segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        let frame = segment(
            0xC0,
            [8] + number(height, 2) + number(width, 2) + [UInt8(components)] + ids.flatMap { [$0, 0x11, 0] })
        // A code with one word, for the light of a block and for its end.
        let code = [UInt8(1)] + [UInt8](repeating: 0, count: 16)
        let codes = segment(0xC4, [0x00] + code) + segment(0xC4, [0x10] + code)
        let scan = segment(0xDA, [UInt8(components)] + ids.flatMap { [$0, 0] } + [0, 0x3F, 0])
        let bits = ((width + 7) / 8) * ((height + 7) / 8) * components * 2
        let rest = bits % 8
        let points = [UInt8](repeating: 0, count: bits / 8) + (rest == 0 ? [] : [0xFF >> UInt8(rest)])
        return [0xFF, 0xD8] + front + tables + frame + codes + scan + points + [0xFF, 0xD9]
    }

    /// A grey JPEG of blocks, each of one light from 0 to 255, by its column and row.
    package static func jpeg(_ width: Int, _ height: Int, light: (Int, Int) -> Int) -> [UInt8] {
        let tables = segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        let frame = segment(0xC0, [8] + number(height, 2) + number(width, 2) + [1, 1, 0x11, 0])
        // Words of four bits for how many bits a difference has, and one of one bit for the end of a block.
        let lengths = [UInt8](0...11)
        let codes =
            segment(0xC4, [0x00, 0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + lengths)
            + segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 16))
        var bits = Bits(), last = 0
        for row in 0..<(height + 7) / 8 {
            for column in 0..<(width + 7) / 8 {
                let value = 8 * (light(column, row) - 128), difference = value - last
                let length = Int.bitWidth - abs(difference).leadingZeroBitCount
                bits.put(length, 4)
                bits.put(difference < 0 ? difference + (1 << length) - 1 : difference, length)
                bits.put(0, 1)
                last = value
            }
        }
        bits.end()
        let points = bits.bytes.flatMap { $0 == 0xFF ? [0xFF, 0] : [$0] }
        return [0xFF, 0xD8] + tables + frame + codes + segment(0xDA, [1, 1, 0, 0, 0x3F, 0]) + points + [
            0xFF, 0xD9,
        ]
    }

    private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + number(content.count + 2, 2) + content
    }

    // MARK: PNG

    /// A PNG of points as `colour` has them: red, green, blue and how much of them is seen.
    package static func png(
        _ width: Int, _ height: Int,
        _ colour: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8, UInt8) = { _, _ in
            (200, 120, 40, 255)
        }
    ) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width * 4 + 1))
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width {
                let (red, green, blue, alpha) = colour(x, y)
                rows += [red, green, blue, alpha]
            }
        }
        return png(saying: width, height, kind: 6, rows)
    }

    /// A drawing of three lines of words, in one colour on another; `behind` draws what is behind them instead.
    package static func words(
        _ width: Int, _ height: Int, letter: Int, ink: (UInt8, UInt8, UInt8),
        on ground: (UInt8, UInt8, UInt8),
        behind: ((_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8))? = nil
    ) -> [UInt8] {
        png(width, height) { x, y in
            let (column, row) = (max(0, x - width / 8) / letter, max(0, y - height / 4) / letter)
            let isInside = x >= width / 8 && x < width - width / 8 && y >= height / 4 && row / 10 < 3
            let (bit, line) = (column % 6, row % 10)
            let letters = SampleMedia.letters[(column / 6 + row / 10 * 5) % SampleMedia.letters.count]
            let isInk = isInside && bit < 5 && line < 7 && letters[line] >> UInt8(4 - bit) & 1 == 1
            let colour = isInk ? ink : behind?(x, y) ?? ground
            return (colour.0, colour.1, colour.2, 255)
        }
    }

    /// R, O, S, E, N, H, A, T, L: five points wide, seven high.
    private static let letters: [[UInt8]] = [
        [30, 17, 17, 30, 20, 18, 17], [14, 17, 17, 17, 17, 17, 14], [15, 16, 16, 14, 1, 1, 30],
        [31, 16, 16, 30, 16, 16, 31], [17, 25, 21, 19, 17, 17, 17], [17, 17, 17, 31, 17, 17, 17],
        [14, 17, 17, 31, 17, 17, 17], [31, 4, 4, 4, 4, 4, 4], [16, 16, 16, 16, 16, 16, 31],
    ]

    /// A PNG that says how large it is, whatever points it has.
    package static func png(
        saying width: Int, _ height: Int, kind: UInt8 = 6, _ rows: [UInt8] = [0]
    ) -> [UInt8] {
        let head = number(width, 4) + number(height, 4) + [8, kind, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", head)
            + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(kind.utf8) + content
        return number(content.count, 4) + checked + number(Int(crc(checked)), 4)
    }

    /// zlib's format without compression.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        result.reserveCapacity(bytes.count + bytes.count / 1000 + 64)
        var place = 0
        repeat {
            let end = min(place + 65_535, bytes.count), length = end - place
            let low = [UInt8(length & 255), UInt8(length >> 8)]
            result += [end == bytes.count ? 1 : 0] + low + low.map { ~$0 } + bytes[place..<end]
            place = end
        } while place < bytes.count
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return result + number(Int(b << 16 | a), 4)
    }

    private static let crcTable = (0..<256).map { number -> UInt32 in
        (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crcTable[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    // MARK: GIF

    /// A GIF of one tone, whose points are a few bytes each thousand; of several frames it moves.
    package static func gif(_ width: Int, _ height: Int, frames: Int = 1) -> [UInt8] {
        func low(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        var bytes = Array("GIF89a".utf8) + low(width) + low(height) + [0xF0, 0, 0, 0, 0, 0, 255, 255, 255]
        for frame in 0..<frames {
            bytes +=
                [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C] + low(0) + low(0) + low(width) + low(height) + [0, 2]
            let points = run(of: frame & 1, width * height)
            for start in stride(from: 0, to: points.count, by: 255) {
                let part = points[start..<min(start + 255, points.count)]
                bytes += [UInt8(part.count)] + part
            }
            bytes.append(0)
        }
        return bytes + [0x3B]
    }

    /// One tone again and again, as LZW writes it: each word is a point longer than the one before.
    private static func run(of tone: Int, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = [], held = 0, bits = 0
        func put(_ word: Int, _ width: Int) {
            held |= word << bits
            bits += width
            while bits >= 8 {
                bytes.append(UInt8(held & 255))
                held >>= 8
                bits -= 8
            }
        }
        var left = count, width = 3
        while left > 0 {
            put(4, width)
            width = 3
            var next = 6, length = 1
            put(tone, width)
            left -= 1
            while left > length, next < 4095 {
                length += 1
                put(next, width)
                left -= length
                next += 1
                if next == 1 << width, width < 12 { width += 1 }
            }
            // The rest of a shorter run begins a table of its own.
        }
        put(5, width)
        if bits > 0 { bytes.append(UInt8(held & 255)) }
        return bytes
    }

    // MARK: Numbers

    static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static let pattern = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    static func fill(_ bytes: [UInt8], to size: Int) -> [UInt8] {
        var filled = bytes
        while filled.count < size { filled += pattern.prefix(size - filled.count) }
        return filled
    }
}
