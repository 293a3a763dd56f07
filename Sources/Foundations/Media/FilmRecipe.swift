package import JSON

/// A part of a film, in seconds from its beginning.
package struct FilmPart: Hashable, Sendable {
    package let start: Double
    /// `nil`: through the end of the film.
    package let end: Double?

    package init(start: Double, end: Double?) { (self.start, self.end) = (start, end) }
}

/// Tells what a place takes that shows films, and how one is made to fit there: cut to a shape that is allowed, made
/// smaller, written as H.264 and AAC in an MP4. Only a wish makes it shorter.
package struct FilmRecipe: Hashable, Sendable {
    /// The media types that are taken.
    package let types: [String]
    package let bytesMax: Int
    /// Width divided by height; `nil`: any.
    package var ratio: ClosedRange<Double>?
    /// The frame rates that are taken, in pictures a second; `nil`: any.
    package var frameRate: ClosedRange<Double>?
    /// The codecs of picture and sound that are taken, by their usual names; none: any.
    package var codecs: [String] = [], audioCodecs: [String] = []
    /// The part that is wanted; `nil`: all of it.
    package var part: FilmPart?

    package init(types: [String], bytesMax: Int) { (self.types, self.bytesMax) = (types, bytesMax) }

    /// The fate of a film.
    package enum Plan: Hashable, Sendable {
        /// It is taken as it is.
        case fits
        case make(FilmMaking)
        case refused(MediaFault)
    }

    /// A larger film is not made here.
    package static let bytesMax = MediaChild.bytesMax
    /// The longest side of a film that is made, in points: no network shows more.
    private static let sideMax = 1920
    /// A film that looks well needs no more bits a second, and one of fewer is none to look at.
    private static let bitRates = 150_000...12_000_000
    static let audioBitRate = 128_000
    /// A picture more or less in two seconds is no other frame rate.
    private static let rateTolerance = 0.5

    package func plan(for film: FilmFinding, size: Int) -> Plan {
        guard !takes(film, size) else { return .fits }
        guard let cut = film.shape.cut(to: ratio) else { return .refused(.shape) }
        let shape = cut.scaled(by: Double(Self.sideMax) / Double(max(cut.width, cut.height)))
        let start = min(part?.start ?? 0, film.seconds)
        let seconds = min(part?.end ?? film.seconds, film.seconds) - start
        // A tenth of the room is for what is not picture or sound, and for pictures that are larger than most.
        let room = seconds > 0 ? Int(Double(bytesMax) * 8 * 0.9 / seconds) - Self.audioBitRate : 0
        guard seconds > 0 else { return .refused(part == nil ? .damaged : .part) }
        guard room >= Self.bitRates.lowerBound else { return .refused(.heavy) }
        return .make(
            FilmMaking(
                start: start, seconds: seconds, cutWidth: cut.width, cutHeight: cut.height,
                width: max(2, shape.width & ~1), height: max(2, shape.height & ~1),
                frameRate: rate(of: film), bitRateMax: min(room, Self.bitRates.upperBound),
                hasSound: film.audio != nil))
    }

    private func takes(_ film: FilmFinding, _ size: Int) -> Bool {
        guard part == nil, types.contains(film.type), size <= bytesMax else { return false }
        if !codecs.isEmpty, !codecs.contains(film.video) { return false }
        if let audio = film.audio, !audioCodecs.isEmpty, !audioCodecs.contains(audio) { return false }
        if let frameRate, film.frameRate > 0 {
            let (least, most) = (frameRate.lowerBound, frameRate.upperBound)
            let taken = least - Self.rateTolerance...most + Self.rateTolerance
            guard taken.contains(film.frameRate) else { return false }
        }
        return film.shape.isWithin(ratio)
    }

    private func rate(of film: FilmFinding) -> Double {
        let rate = film.frameRate > 0 ? film.frameRate : 30
        let (least, most) = (frameRate?.lowerBound ?? 0, min(frameRate?.upperBound ?? 60, 60))
        return min(max(rate, least, 1), most)
    }
}

/// The steps by which a film is made anew.
package struct FilmMaking: Hashable, Sendable {
    /// The part of the film, in seconds.
    package let start: Double, seconds: Double
    /// The middle of the upright picture that is shown, in points.
    let cutWidth: Int, cutHeight: Int
    package let width: Int, height: Int
    package let frameRate: Double
    let bitRateMax: Int
    let hasSound: Bool

    /// The film that it becomes.
    package var outlook: FilmFinding {
        FilmFinding(
            type: "video/mp4", width: width, height: height, seconds: seconds, frameRate: frameRate,
            video: "h264", audio: hasSound ? "aac" : nil)
    }
}

// MARK: On its way to another process, and in the database

extension FilmRecipe {
    package var json: JSON {
        [
            "types": JSON(types), "bytes_max": JSON(bytesMax), "ratio": Self.bounds(ratio),
            "frame_rate": Self.bounds(frameRate), "codecs": JSON(codecs), "audio_codecs": JSON(audioCodecs),
            "start": Self.figure(part?.start), "end": Self.figure(part?.end),
        ]
    }

    private static func figure(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

    private static func bounds(_ range: ClosedRange<Double>?) -> JSON {
        range.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null
    }

    init?(_ json: JSON) {
        func range(_ name: String) -> ClosedRange<Double>? {
            let bounds = (json[name]?.array ?? []).compactMap(\.double)
            return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : nil
        }
        guard let types = json["types"]?.array?.compactMap(\.text), let most = json["bytes_max"]?.int else {
            return nil
        }
        self.init(types: types, bytesMax: Int(most))
        (ratio, frameRate) = (range("ratio"), range("frame_rate"))
        codecs = (json["codecs"]?.array ?? []).compactMap(\.text)
        audioCodecs = (json["audio_codecs"]?.array ?? []).compactMap(\.text)
        part = json["start"]?.double.map { FilmPart(start: $0, end: json["end"]?.double) }
    }
}
