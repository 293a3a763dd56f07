extension SampleMedia {
    /// A QuickTime film as a camera takes it, picture by picture in JPEG, with a tone of 440 Hz. `light`, from 0 to
    /// 255, is told for each second and each block of eight by eight points, by its column and row. `turned`: it is to
    /// be shown turned by a quarter with the clock.
    package static func recording(
        _ width: Int, _ height: Int, seconds: Int, rate: Int = 10, hasSound: Bool = true,
        turned: Bool = false,
        light: (_ second: Int, _ column: Int, _ row: Int) -> Int = { second, _, _ in 40 + second * 20 % 180 }
    ) -> [UInt8] {
        let pictures = (0..<seconds).map { second in jpeg(width, height) { light(second, $0, $1) } }
        let sizes = (0..<seconds * rate).map { pictures[$0 / rate].count }
        let tone = hasSound ? tone(seconds) : []
        let kind = box("ftyp", Array("qt  ".utf8) + number(512, 4) + Array("qt  ".utf8))
        func front(_ place: Int) -> [UInt8] {
            let head = box(
                "mvhd",
                number(0, 12) + number(1000, 4) + number(seconds * 1000, 4) + number(0x10000, 4)
                    + number(0x0100, 2) + number(0, 10) + matrix + number(0, 24) + number(3, 4))
            let entry = box(
                "jpeg",
                number(0, 6) + number(1, 2) + number(0, 16) + number(width, 2) + number(height, 2)
                    + number(0x48_0000, 4) + number(0x48_0000, 4) + number(0, 4) + number(1, 2)
                    + number(0, 32) + number(24, 2) + number(0xFFFF, 2))
            let film = media(
                "vide", rate, sizes.count, box("vmhd", number(1, 4) + number(0, 8)),
                samples(entry, sizes, duration: 1, at: place))
            let sound =
                hasSound
                ? track(2, 0, 0, seconds, media: sound(tone.count, at: place + sizes.reduce(0, +))) : []
            return kind
                + box("moov", head + track(1, width, height, seconds, isTurned: turned, media: film) + sound)
        }
        let content = (0..<sizes.count).flatMap { pictures[$0 / rate] } + tone
        return front(front(0).count + 8) + box("mdat", content)
    }

    private static func sound(_ bytes: Int, at place: Int) -> [UInt8] {
        let entry = box(
            "sowt",
            number(0, 6) + number(1, 2) + number(0, 8) + number(1, 2) + number(16, 2) + number(0, 4)
                + number(soundRate << 16, 4))
        let count = bytes / 2
        let samples =
            box("stsd", number(0, 4) + number(1, 4) + entry)
            + box("stts", number(0, 4) + number(1, 4) + number(count, 4) + number(1, 4))
            + box("stsc", number(0, 4) + number(1, 4) + number(1, 4) + number(count, 4) + number(1, 4))
            + box("stsz", number(0, 4) + number(2, 4) + number(count, 4))
            + box("stco", number(0, 4) + number(1, 4) + number(place, 4))
        return media("soun", soundRate, count, box("smhd", number(0, 8)), samples)
    }

    private static let soundRate = 8000

    /// A square wave: 16 bits, the low byte first.
    private static func tone(_ seconds: Int) -> [UInt8] {
        (0..<seconds * soundRate).flatMap { place -> [UInt8] in
            let value = place * 880 / soundRate % 2 == 0 ? UInt16(8000) : UInt16(bitPattern: -8000)
            return [UInt8(value & 255), UInt8(value >> 8)]
        }
    }

    private static func samples(_ entry: [UInt8], _ sizes: [Int], duration: Int, at place: Int) -> [UInt8] {
        var offsets: [UInt8] = [], next = place
        for size in sizes {
            offsets += number(next, 4)
            next += size
        }
        return box("stsd", number(0, 4) + number(1, 4) + entry)
            + box("stts", number(0, 4) + number(1, 4) + number(sizes.count, 4) + number(duration, 4))
            + box("stsc", number(0, 4) + number(1, 4) + number(1, 4) + number(1, 4) + number(1, 4))
            + box(
                "stsz", number(0, 4) + number(0, 4) + number(sizes.count, 4) + sizes.flatMap { number($0, 4) }
            )
            + box("stco", number(0, 4) + number(sizes.count, 4) + offsets)
    }
}
