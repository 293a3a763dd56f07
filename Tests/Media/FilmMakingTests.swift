import Foundation
import JSON
import Media
import StandIns
import Testing

/// Films that are made to fit, read by another program: PyAV, with the FFmpeg that it brings along.
@Suite struct FilmMaking {
    /// The path at which the other program finds a film.
    private struct Judged {
        let json: JSON
        var size: [Int] { [json.count("width"), json.count("height")] }
        var seconds: Double { json["seconds"]?.double ?? 0 }
        /// The light in the middle and at the left of the picture, from 0 to 255, in the middle of each second.
        var middle: [Double] { (json["middle"]?.array ?? []).compactMap(\.double) }
        var left: [Double] { (json["left"]?.array ?? []).compactMap(\.double) }
        var top: [Double] { (json["top"]?.array ?? []).compactMap(\.double) }
    }

    private func made(_ film: [UInt8], _ recipe: FilmRecipe) async throws -> (FilmFinding, Judged) {
        switch try await MediaTests.worker().fit(film: film, by: recipe) {
        case .made(let found, let bytes): (found, try judged(bytes))
        case .fits: throw Unexpected(what: "it fits")
        case .refused(let fault): throw Unexpected(what: fault.rawValue)
        }
    }

    private func fault(_ film: [UInt8], _ recipe: FilmRecipe) async throws -> MediaFault? {
        if case .refused(let fault) = try await MediaTests.worker().fit(film: film, by: recipe) {
            fault
        } else {
            nil
        }
    }

    private struct Unexpected: Error { let what: String }

    private static func recipe(_ change: (inout FilmRecipe) -> Void = { _ in }) -> FilmRecipe {
        var recipe = FilmRecipe(types: ["video/mp4"], bytesMax: 20 << 20)
        (recipe.codecs, recipe.audioCodecs) = (["h264"], ["aac"])
        change(&recipe)
        return recipe
    }

    @Test func `a film is written as H.264 and AAC, picture for picture and as loud as it was`() async throws
    {
        let film = SampleMedia.recording(320, 180, seconds: 4)
        let (found, judged) = try await made(film, Self.recipe())
        #expect(found.type == "video/mp4" && found.video == "h264" && found.audio == "aac")
        #expect(found.width == 320 && found.height == 180 && abs(found.frameRate - 10) < 0.01)
        #expect(judged.json["video"] == "h264" && judged.json["audio"] == "aac" && judged.size == [320, 180])
        #expect(abs(judged.seconds - 4) < 0.1 && judged.json.count("pictures") == 40)
        for (light, wanted) in zip(judged.middle, [40, 60, 80, 100]) {
            #expect(abs(light - Double(wanted)) < 4)
        }
        #expect(judged.middle.count == 4)
        // A square wave of 8,000 of 32,768.
        #expect(abs((judged.json["loudness"]?.double ?? 0) - 0.244) < 0.03, "\(judged.json)")
        #expect(abs((judged.json["sound_seconds"]?.double ?? 0) - 4) < 0.1)
        #expect(judged.json["has_head_first"] == true, "players begin before they have all of it")
        #expect(judged.json["edits"] == false)
    }

    @Test func `what is made is taken as it is, and what fits is left alone`() async throws {
        let film = SampleMedia.mp4(640, 480, seconds: 3, hasSound: true)
        guard case .fits = try await MediaTests.worker().fit(film: film, by: Self.recipe()) else {
            throw Unexpected(what: "it is made anew")
        }
        let recipe = Self.recipe { $0.ratio = 0.5...0.6 }
        guard
            case .made(_, let bytes) = try await MediaTests.worker().fit(
                film: SampleMedia.recording(200, 240, seconds: 1), by: recipe),
            case .fits = try await MediaTests.worker().fit(film: bytes, by: recipe)
        else { throw Unexpected(what: "it does not fit") }
    }

    @Test func `the middle stays where a film is cut to a shape, and large ones are made smaller`()
        async throws
    {
        // Dark, but for the third in the middle.
        let film = SampleMedia.recording(960, 960, seconds: 1) { _, column, _ in
            (40..<80).contains(column) ? 200 : 30
        }
        let (_, judged) = try await made(film, Self.recipe { $0.ratio = 0.5...0.6 })
        #expect(judged.size == [576, 960])
        #expect(abs((judged.middle.first ?? 0) - 200) < 6 && abs((judged.left.first ?? 0) - 30) < 6)
        let large = SampleMedia.recording(2880, 1600, seconds: 1, rate: 2)
        #expect(try await made(large, Self.recipe()).1.size == [1920, 1066])
        #expect(
            try await fault(SampleMedia.recording(900, 400, seconds: 1), Self.recipe { $0.ratio = 0.5...0.6 })
                == .shape)
    }

    @Test func `a film on its side stands up`() async throws {
        // The top of what was filmed is to its left in the file.
        let film = SampleMedia.recording(320, 160, seconds: 1, turned: true) { _, column, _ in
            column < 20 ? 200 : 30
        }
        let (found, judged) = try await made(film, Self.recipe())
        #expect(found.width == 160 && found.height == 320 && judged.size == [160, 320])
        #expect(judged.json["rotation"] == 0)
        let top = judged.top.first ?? 0
        #expect(abs(top - 30) < 6 || abs(top - 200) < 6)
        #expect(abs(top - 200) < 6, "turned with the clock, its left is up: \(judged.json)")
    }

    @Test func `a part is as long as wished, of these seconds and no others`() async throws {
        let film = SampleMedia.recording(160, 120, seconds: 9)
        let (found, judged) = try await made(film, Self.recipe { $0.part = FilmPart(start: 3, end: 6) })
        #expect(abs(found.seconds - 3) < 0.05 && judged.json.count("pictures") == 30)
        for (light, wanted) in zip(judged.middle, [100, 120, 140]) {
            #expect(abs(light - Double(wanted)) < 4)
        }
        #expect(abs((judged.json["sound_seconds"]?.double ?? 0) - 3) < 0.1)
        let rest = try await made(film, Self.recipe { $0.part = FilmPart(start: 7.5, end: nil) })
        #expect(abs(rest.0.seconds - 1.5) < 0.05, "the codec of the sound adds some of its own")
        #expect(try await fault(film, Self.recipe { $0.part = FilmPart(start: 9, end: 12) }) == .part)
    }

    @Test func `a film gets as many pictures a second as are taken, and lasts as long`() async throws {
        let slow = SampleMedia.recording(160, 120, seconds: 3)
        let (raised, more) = try await made(slow, Self.recipe { $0.frameRate = 23...60 })
        #expect(
            abs(raised.frameRate - 23) < 0.01 && more.json.count("pictures") == 69
                && abs(more.seconds - 3) < 0.1)
        let fast = SampleMedia.recording(160, 120, seconds: 2, rate: 90)
        let (lowered, fewer) = try await made(fast, Self.recipe { $0.frameRate = 23...60 })
        #expect(abs(lowered.frameRate - 60) < 0.01 && fewer.json.count("pictures") == 120)
        for (light, wanted) in zip(fewer.middle, [40, 60]) { #expect(abs(light - Double(wanted)) < 4) }
    }

    @Test func `a film gets no larger than is taken, and one without sound has none`() async throws {
        var noise = UInt64(5)
        let film = SampleMedia.recording(640, 480, seconds: 4, hasSound: false) { second, column, row in
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(noise >> 57) + 60
        }
        let (found, _) = try await made(film, Self.recipe { _ in })
        #expect(found.audio == nil)
        var small = FilmRecipe(types: ["video/mp4"], bytesMax: 250_000)
        small.codecs = ["h264"]
        guard case .made(_, let bytes) = try await MediaTests.worker().fit(film: film, by: small) else {
            throw Unexpected(what: "it is not made")
        }
        #expect(bytes.count <= 250_000)
        let tiny = FilmRecipe(types: ["video/mp4"], bytesMax: 30_000)
        #expect(try await fault(film, tiny) == .heavy)
    }

    @Test func `a broken film is a fault or a film, and takes no more than it gets`() async throws {
        #expect(
            try await fault(SampleMedia.mp4(320, 240, seconds: 2, codec: "vp09"), Self.recipe()) == .damaged)
        // It says that it lasts for ten hours.
        let endless = SampleMedia.mp4(64, 48, seconds: 36_000, rate: 1)
        #expect(try await fault(endless, Self.recipe { $0.frameRate = 23...60 }) == .heavy)
        var noise = UInt64(11)
        func next(_ limit: Int) -> Int {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(noise >> 33) % limit
        }
        let whole = SampleMedia.recording(64, 48, seconds: 1)
        for _ in 0..<8 {
            var bytes = whole
            for _ in 0..<(1 + next(6)) { bytes[next(bytes.count)] = UInt8(next(256)) }
            _ = try await MediaTests.worker().fit(film: bytes, by: Self.recipe())
        }
        var limits = MediaLimits.making
        limits.processor = 1
        let long = SampleMedia.recording(1600, 1200, seconds: 20, rate: 10, hasSound: false)
        let worker = MediaWorker(program: MediaTests.program, making: limits)
        guard case .refused(.costly) = try await worker.fit(film: long, by: Self.recipe()) else {
            throw Unexpected(what: "it was made within a second")
        }
    }

    // MARK: The other program

    private func judged(_ film: [UInt8]) throws -> Judged {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "film-\(UUID().uuidString).mp4")
        try Data(film).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let process = Process(), output = Pipe()
        process.executableURL = URL(
            fileURLWithPath: ProcessInfo.processInfo.environment["BUREAU_SOCIAL_PYTHON"]
                ?? ".build/venv-social/bin/python")
        process.arguments = ["-c", Self.program, path.path]
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "Tests/Social/requirements.txt names what it needs")
        return Judged(json: try JSONParser.parse(Array(answer)))
    }

    private static let program = """
        import av, json, sys
        data = open(sys.argv[1], "rb").read()
        film = av.open(sys.argv[1])
        video = film.streams.video[0]
        audio = film.streams.audio[0] if film.streams.audio else None
        found = {"width": video.width, "height": video.height, "video": video.codec_context.name, "pictures": 0,
                 "middle": [], "left": [], "top": [], "rotation": 0,
                 "has_head_first": data.find(b"moov") < data.find(b"mdat"), "edits": b"elst" in data,
                 "audio": audio and audio.codec_context.name}
        samples, power = 0, 0.0
        for frame in film.decode(*([video, audio] if audio else [video])):
            if isinstance(frame, av.AudioFrame):
                values = frame.to_ndarray()[0].tolist()
                samples += len(values)
                power += sum(v * v for v in values)
                continue
            found["rotation"] = getattr(frame, "rotation", 0)
            rate = float(video.average_rate)
            if (found["pictures"] % round(rate)) == round(rate) // 2:
                grey = frame.to_ndarray(format="gray")
                height, width = grey.shape
                y, x = height // 2, width // 2
                found["middle"].append(float(grey[y - 8:y + 8, x - 8:x + 8].mean()))
                found["left"].append(float(grey[:, 2:10].mean()))
                found["top"].append(float(grey[2:10, :].mean()))
            found["pictures"] += 1
        found["seconds"] = found["pictures"] / float(video.average_rate)
        if audio:
            found["sound_seconds"] = samples / audio.rate
            found["loudness"] = (power / max(1, samples)) ** 0.5
        print(json.dumps(found))
        """
}

extension JSON {
    fileprivate func count(_ name: String) -> Int { self[name]?.int.map { Int($0) } ?? 0 }
}
