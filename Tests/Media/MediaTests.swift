import Foundation
import Media
import StandIns
import Testing

/// Pictures and films of strangers, looked at by `bureau` in a process of its own.
struct MediaTests {
    /// The program that is called: beside the tests' own bundle, unless BUREAU_BIN names another.
    static let program: String = {
        if let path = ProcessInfo.processInfo.environment["BUREAU_BIN"] { return path }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }.map {
            URL(fileURLWithPath: $0)
        }
        let places = ([own] + bundles).map {
            $0.deletingLastPathComponent().appendingPathComponent("bureau").path
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[0]
    }()

    private static let instagram = PictureRecipe(
        types: ["image/jpeg"], bytesMax: 8 << 20, ratio: 0.8...1.91, sideMax: 1440)

    static func worker(_ change: (inout MediaLimits) -> Void = { _ in }) -> MediaWorker {
        var limits = MediaLimits()
        change(&limits)
        return MediaWorker(program: program, limits)
    }

    private func fit(
        _ bytes: [UInt8], by recipe: PictureRecipe = instagram,
        _ change: (inout MediaLimits) -> Void = { _ in }
    ) async throws -> (found: PictureFinding?, made: [UInt8]?, fault: MediaFault?) {
        switch try await Self.worker(change).fit(bytes, by: recipe) {
        case .fits(let found): (found, nil, nil)
        case .made(let found, let made): (found, made, nil)
        case .refused(let fault): (nil, nil, fault)
        }
    }

    // MARK: Pictures

    @Test func `a picture that fits stays as it is, to its last byte`() async throws {
        let bytes = SampleMedia.jpeg(1000, 800, size: 300_000)
        let fitted = try await fit(bytes)
        #expect(fitted.made == nil)
        #expect(fitted.found == PictureFinding(type: "image/jpeg", width: 1000, height: 800, size: 300_000))
    }

    @Test func `a picture is cut to the nearest shape that is taken, made smaller, and written anew`()
        async throws
    {
        let tall = try await fit(SampleMedia.jpeg(2000, 3000))
        #expect(tall.found?.width == 1152 && tall.found?.height == 1440)
        #expect(tall.made?.starts(with: [0xFF, 0xD8, 0xFF]) == true)
        let drawn = try await fit(SampleMedia.png(400, 300))
        #expect(drawn.found?.type == "image/jpeg" && drawn.found?.width == 400)
        // More than half of it would be gone.
        #expect(try await fit(SampleMedia.jpeg(800, 200)).fault == .shape)
    }

    @Test func `a drawing stays one where that is taken, and gets as small as it has to`() async throws {
        var noise = UInt64(7)
        let drawn = SampleMedia.png(600, 400) { _, _ in
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (UInt8(noise >> 56), UInt8(noise >> 48 & 255), UInt8(noise >> 40 & 255), 255)
        }
        let both = PictureRecipe(types: ["image/jpeg", "image/png"], bytesMax: 4 << 20, sideMax: 300)
        #expect(try await fit(drawn, by: both).found?.type == "image/png")
        let small = PictureRecipe(types: ["image/jpeg", "image/png"], bytesMax: 30_000)
        let fitted = try await fit(drawn, by: small)
        #expect(fitted.found?.type == "image/jpeg")
        #expect(try #require(fitted.made).count <= 30_000)
        #expect(try await fit(drawn, by: PictureRecipe(types: ["image/jpeg"], bytesMax: 300)).fault == .heavy)
    }

    @Test func `what is made is the same each time`() async throws {
        let bytes = SampleMedia.png(900, 300) { x, y in
            (UInt8(x & 255), UInt8(y & 255), UInt8((x ^ y) & 255), 255)
        }
        let recipe = PictureRecipe(types: ["image/jpeg"], bytesMax: 1 << 20, ratio: 0.8...1.91)
        let first = try #require(try await fit(bytes, by: recipe).made)
        #expect(try await fit(bytes, by: recipe).made == first)
    }

    @Test func `places are gone, and a picture on its side stands up`() async throws {
        let photo = SampleMedia.photo(640, 800)
        #expect(contains("Exif", photo))
        let fitted = try await fit(photo)
        let made = try #require(fitted.made)
        #expect(fitted.found?.width == 800 && fitted.found?.height == 640)
        #expect(!contains("Exif", made))
        // Upright already, it still tells where it was taken.
        let upright = try await fit(SampleMedia.photo(640, 640, turn: 1))
        #expect(!contains("Exif", try #require(upright.made)))
    }

    @Test func `the colours of a printing press become those of the web`() async throws {
        let fitted = try await fit(SampleMedia.pressJPEG(640, 640))
        let made = try #require(fitted.made)
        // Three colours in its frame, whose number stands six bytes behind its length.
        let frame = try #require(made.indices.first { made[$0] == 0xFF && made[$0 + 1] == 0xC0 })
        #expect(made[frame + 9] == 3)
    }

    @Test func `a picture that moves is taken where it may move, and does not become a still one`()
        async throws
    {
        let bytes = SampleMedia.gif(100, 80, frames: 3)
        #expect(try await fit(bytes).fault == .moving)
        let taken = PictureRecipe(types: ["image/jpeg", "image/gif"], bytesMax: 1 << 20)
        #expect(try await fit(bytes, by: taken).found?.type == "image/gif")
        #expect(try await fit(SampleMedia.gif(100, 80)).found?.type == "image/jpeg")
    }

    // MARK: Words in pictures

    private func faint(_ bytes: [UInt8]) async throws -> [FaintWords] {
        switch try await Self.worker().faintWords(in: bytes) {
        case .found(let all): all
        case .refused: throw Missing()
        }
    }

    /// Grey on white: #949494 has 3.03 : 1, #767676 has 4.54 : 1; red on green of one light hardly any.
    @Test func `words that stand out too little are found at their place, with WCAG's ratio`() async throws {
        let light = try await faint(
            SampleMedia.words(800, 400, letter: 2, ink: (0x94, 0x94, 0x94), on: (255, 255, 255)))
        #expect(light.count == 1 && light.first.map { abs($0.ratio - 3.03) < 0.05 } == true, "\(light)")
        let place = try #require(light.first)
        #expect(place.needed == 4.5)
        #expect(abs(place.x - 100) <= 8 && abs(place.x + place.width - 700) <= 16, "\(place)")
        #expect(abs(place.y - 100) <= 8 && abs(place.y + place.height - 154) <= 16, "\(place)")
        for good in [(0x70, 0x70, 0x70), (0, 0, 0)] as [(UInt8, UInt8, UInt8)] {
            #expect(
                try await faint(SampleMedia.words(800, 400, letter: 2, ink: good, on: (255, 255, 255)))
                    == [])
        }
        let hues = try await faint(
            SampleMedia.words(800, 400, letter: 2, ink: (200, 0, 0), on: (0, 110, 0)))
        #expect(hues.first.map { $0.ratio < 1.5 } == true, "\(hues)")
        let dark = try await faint(
            SampleMedia.words(800, 400, letter: 2, ink: (70, 70, 70), on: (20, 20, 20)))
        #expect(dark.count == 1, "light on dark, too")
    }

    @Test func `large words need less, and a place is told in points of the picture as it was sent`()
        async throws
    {
        let ink = (UInt8(0x8A), UInt8(0x8A), UInt8(0x8A))
        let large = SampleMedia.words(800, 800, letter: 8, ink: ink, on: (255, 255, 255))
        #expect(try await faint(large) == [], "3.45 : 1 is enough")
        let huge = SampleMedia.words(2400, 1200, letter: 6, ink: ink, on: (255, 255, 255))
        let place = try #require(try await faint(huge).first)
        #expect(abs(place.x - 300) <= 24 && place.needed == 4.5, "\(place)")
    }

    @Test func `of what is no words, and of words on many tones, nothing is said`() async throws {
        #expect(try await faint(SampleMedia.png(400, 300)) == [])
        #expect(try await faint(SampleMedia.jpeg(800, 600)) == [])
        let slope = SampleMedia.png(600, 400) { x, y in (UInt8(x * 255 / 600), UInt8(y * 255 / 400), 90, 255)
        }
        #expect(try await faint(slope) == [])
        var noise = UInt64(3)
        func photo(_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (UInt8(noise >> 56), UInt8(noise >> 48 & 255), UInt8(noise >> 40 & 255))
        }
        let busy = SampleMedia.words(
            600, 400, letter: 2, ink: (200, 200, 200), on: (0, 0, 0), behind: photo)
        #expect(try await faint(busy) == [])
        let box = SampleMedia.png(600, 400) { x, y in
            let isBox = (100..<500).contains(x) && (100..<300).contains(y)
            return isBox ? (230, 230, 230, 255) : (255, 255, 255, 255)
        }
        #expect(try await faint(box) == [], "a shape is no words")
    }

    // MARK: What means harm

    @Test func `what lies about itself is named, and costs nothing`() async throws {
        let drawing = """
            <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>\
            <svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><text>&a;</text></svg>
            """
        #expect(try await fit(Array(drawing.utf8)).fault == .notMedia)
        #expect(try await fit(Array("no picture".utf8)).fault == .notMedia)
        // The head of one kind before another.
        #expect(try await fit([0xFF, 0xD8, 0xFF, 0xE0] + Array(drawing.utf8)).fault == .damaged)
        #expect(try await fit(SampleMedia.png(saying: 60_000, 60_000)).fault == .tooLarge)
        #expect(try await fit(SampleMedia.jpeg(10_000, 6000)).fault == .tooLarge)
        #expect(try await fit(SampleMedia.png(saying: 400, 400)).fault == .damaged)
        let whole = SampleMedia.jpeg(800, 640)
        #expect(try await fit(Array(whole.prefix(whole.count / 2))).fault == .damaged)
    }

    @Test func `a few bytes that are very many points get so much memory and time, and no more`() async throws
    {
        let bomb = SampleMedia.gif(7000, 7000)
        #expect(bomb.count < 50_000)
        #expect(try await fit(bomb) { $0.memory = 128 }.fault == .costly)
        let heavy = PictureRecipe(types: ["image/png"], bytesMax: 100)
        #expect(try await fit(bomb, by: heavy) { $0.processor = 1 }.fault == .costly)
        // The next one is none the worse for it.
        #expect(try await fit(SampleMedia.jpeg(640, 640)).found?.width == 640)
    }

    @Test func `what reads a file of a stranger opens no file, reaches no network and starts no program`()
        async throws
    {
        #expect(try await Self.worker().openings().isEmpty)
        // Left alone it could do all of it.
        let all = try await Self.worker().openings(isConfined: false)
        #expect(all == ["reading", "writing", "network", "programs", "signals"])
    }

    @Test func `a machine without time for a file says nothing about the file`() async throws {
        await #expect(throws: MediaWorkerError.busy) {
            try await fit(SampleMedia.jpeg(640, 640)) { $0.clock = 0 }
        }
    }

    @Test func `bytes that are turned here and there are a picture or a fault, and nothing else`()
        async throws
    {
        var noise = UInt64(42)
        func next(_ limit: Int) -> Int {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(noise >> 33) % limit
        }
        let seeds = [
            SampleMedia.photo(64, 48), SampleMedia.png(20, 20), SampleMedia.gif(30, 30, frames: 2),
            SampleMedia.pressJPEG(32, 32),
        ]
        for round in 0..<24 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<(1 + next(6)) { bytes[next(bytes.count)] = UInt8(next(256)) }
            let fitted = try await fit(bytes)
            #expect((fitted.found == nil) == (fitted.fault != nil))
        }
        for _ in 0..<8 {
            var bytes = SampleMedia.mp4(64, 48, seconds: 1, hasSound: true)
            for _ in 0..<(1 + next(6)) { bytes[next(bytes.count)] = UInt8(next(256)) }
            _ = try await Self.worker().look(atFilm: bytes)
        }
    }

    @Test func `what cannot be started says so`() async throws {
        await #expect(throws: MediaWorkerError.self) {
            try await MediaWorker(program: "/nowhere/bureau").fit([1], by: Self.instagram)
        }
        await #expect(throws: MediaWorkerError.self) {
            try await MediaWorker(program: "/bin/false").fit([1], by: Self.instagram)
        }
    }

    // MARK: Films

    @Test func `a film is as long, as large and as written as it says`() async throws {
        guard
            case .film(let film) = try await Self.worker().look(
                atFilm: SampleMedia.mp4(720, 1280, seconds: 12, size: 500_000, hasSound: true))
        else { throw Missing() }
        #expect(film.type == "video/mp4" && film.width == 720 && film.height == 1280)
        #expect(film.seconds == 12 && film.frameRate == 30 && film.video == "h264" && film.audio == "aac")
        guard
            case .film(let other) = try await Self.worker().look(
                atFilm: SampleMedia.mp4(650, 490, seconds: 2, codec: "vp09", rate: 12))
        else { throw Missing() }
        #expect(other.video == "vp9" && other.frameRate == 12 && other.audio == nil && other.width == 650)
    }

    @Test func `what is no film, or not all of one, is none`() async throws {
        func fault(_ bytes: [UInt8]) async throws -> MediaFault? {
            if case .refused(let fault) = try await Self.worker().look(atFilm: bytes) { fault } else { nil }
        }
        let whole = SampleMedia.mp4(640, 480, seconds: 2, size: 9000)
        #expect(try await fault(whole) == nil)
        #expect(try await fault(Array(whole.dropLast(2000))) == .damaged)
        #expect(
            try await fault([0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 7, count: 500))
                == .damaged)
        #expect(try await fault([UInt8](repeating: 7, count: 500)) == .notMedia)
        #expect(try await fault(SampleMedia.jpeg(64, 64)) == .notMedia)
    }

    private struct Missing: Error {}

    private func contains(_ word: String, _ bytes: [UInt8]) -> Bool {
        bytes.firstRange(of: Array(word.utf8)) != nil
    }
}
