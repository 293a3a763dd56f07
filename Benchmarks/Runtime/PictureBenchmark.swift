internal import JSON
internal import Media
internal import StandIns
internal import Telemetry

/// A picture of a camera's size, made to fit a network again and again, each time by a process of its own: from its
/// bytes to those that the network gets. One after the other, then two at once.
struct PictureBenchmark {
    struct WrongPicture: Error {}

    private let worker = MediaWorker()
    private let recipe = PictureRecipe(
        types: ["image/jpeg"], bytesMax: 8 << 20, ratio: 0.8...1.91, sideMax: 1440)
    private let photo: [UInt8]

    /// The photo is made by what is measured: JPEG of points that no two neighbours have in common.
    init() async throws {
        var noise = UInt64(7)
        let points = SampleMedia.png(2400, 1800) { x, y in
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let grain = UInt8(noise >> 59)
            return (UInt8(x / 10) &+ grain, UInt8(y / 8) &+ grain, UInt8((x + y) / 20) &+ grain, 255)
        }
        let asPhoto = PictureRecipe(types: ["image/jpeg"], bytesMax: 25 << 20)
        guard case .made(_, let made) = try await worker.fit(points, by: asPhoto) else {
            throw WrongPicture()
        }
        photo = made
    }

    func run() async throws -> JSON {
        let made = try await fit()
        for _ in 0..<5 { _ = try await fit() }
        let count = number("PICTURES", 60)
        var times: [Duration] = []
        for _ in 0..<count {
            let began = Instant.steadyClock()
            guard try await fit() == made else { throw WrongPicture() }
            times.append(Instant.steadyClock() - began)
        }
        let began = Instant.steadyClock()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count { group.addTask { _ = try await fit() } }
            try await group.waitForAll()
        }
        let seconds = (Instant.steadyClock() - began) / Duration.seconds(1)
        return [
            "p50": .number(percentile(0.5, of: times)), "p99": .number(percentile(0.99, of: times)),
            "rate": .number(Double(count) / seconds), "points": 4_320_000, "bytes": JSON(photo.count),
            "made": JSON(made), "memory": .number(residentMegabytes().rounded()),
        ]
    }

    /// Returns how many bytes the network gets.
    private func fit() async throws -> Int {
        guard case .made(let picture, let bytes) = try await worker.fit(photo, by: recipe),
            picture.width == 1440, picture.height == 1080
        else { throw WrongPicture() }
        return bytes.count
    }
}
