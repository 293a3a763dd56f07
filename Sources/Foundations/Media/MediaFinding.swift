package import JSON

/// The reason for which a picture or film is not taken.
package enum MediaFault: String, Error {
    /// It is none, or none of a kind that is read here.
    case notMedia = "not_media"
    /// A picture that moves, where it would stand still.
    case moving
    /// More points than are read here.
    case tooLarge = "too_large"
    /// More than half of it would have to be cut away.
    case shape
    /// It ends before its end, or is broken.
    case damaged
    /// It needs more memory or time than a file gets.
    case costly
    /// It stays larger than what is taken, however small it is made.
    case heavy
    /// A film that ends before the part of it begins that is wanted.
    case part
}

/// A picture as it was read to its end.
package struct PictureFinding: Hashable, Sendable {
    package let type: String
    /// The size as it is seen: upright.
    package let width: Int, height: Int
    package var size: Int

    package init(type: String, width: Int, height: Int, size: Int) {
        (self.type, self.width, self.height, self.size) = (type, width, height, size)
    }

    package var json: JSON {
        ["type": .string(type), "width": JSON(width), "height": JSON(height), "size": JSON(size)]
    }

    package init?(_ json: JSON?) {
        guard let json, let type = json["type"]?.text, let width = json["width"]?.int,
            let height = json["height"]?.int, let size = json["size"]?.int
        else { return nil }
        self.init(type: type, width: Int(width), height: Int(height), size: Int(size))
    }
}

/// The result of making a picture or film fit somewhere.
package enum FittingOutcome<Finding: Sendable>: Sendable {
    /// It is taken as it is.
    case fits(Finding)
    /// It was made anew.
    case made(Finding, [UInt8])
    case refused(MediaFault)
}

/// A place of a picture with something like words that stand out too little from what is behind them.
package struct FaintWords: Hashable, Sendable {
    /// The box in points of the picture, upright.
    package let x: Int, y: Int, width: Int, height: Int
    /// The contrast between the two tones of the place, as WCAG has it: from 1 to 21.
    package let ratio: Double
    /// The contrast that words of that size need: 3 where they are large, else 4.5.
    package let needed: Double

    package init(x: Int, y: Int, width: Int, height: Int, ratio: Double, needed: Double) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        (self.ratio, self.needed) = (ratio, needed)
    }

    package var json: JSON {
        [
            "x": JSON(x), "y": JSON(y), "width": JSON(width), "height": JSON(height),
            "ratio": .number(ratio), "needed": .number(needed),
        ]
    }

    package init?(_ json: JSON?) {
        guard let json, let x = json["x"]?.int, let y = json["y"]?.int, let width = json["width"]?.int,
            let height = json["height"]?.int, let ratio = json["ratio"]?.double,
            let needed = json["needed"]?.double
        else { return nil }
        self.init(
            x: Int(x), y: Int(y), width: Int(width), height: Int(height), ratio: ratio, needed: needed)
    }

    func scaled(by scale: Double) -> FaintWords {
        func scaled(_ number: Int) -> Int { Int((Double(number) * scale).rounded()) }
        return FaintWords(
            x: scaled(x), y: scaled(y), width: scaled(width), height: scaled(height), ratio: ratio,
            needed: needed)
    }
}

/// The result of looking for words in a picture.
package enum FaintWordsOutcome: Sendable {
    case found([FaintWords])
    case refused(MediaFault)
}

/// A film as libavformat describes it.
package struct FilmFinding: Hashable, Sendable {
    package let type: String
    /// The size as it is seen: upright.
    package let width: Int, height: Int
    package let seconds: Double, frameRate: Double
    /// The codecs by their usual names, such as `h264` and `aac`; `nil`: no sound.
    package let video: String
    package let audio: String?

    package init(
        type: String, width: Int, height: Int, seconds: Double, frameRate: Double, video: String,
        audio: String?
    ) {
        (self.type, self.width, self.height) = (type, width, height)
        (self.seconds, self.frameRate, self.video, self.audio) = (seconds, frameRate, video, audio)
    }

    package var shape: PictureRecipe.Shape { PictureRecipe.Shape(width: width, height: height) }

    package var json: JSON {
        [
            "type": .string(type), "width": JSON(width), "height": JSON(height), "seconds": .number(seconds),
            "frame_rate": .number(frameRate), "video": .string(video), "audio": JSON(audio),
        ]
    }

    package init?(_ json: JSON?) {
        guard let json, let type = json["type"]?.text, let width = json["width"]?.int,
            let height = json["height"]?.int, let seconds = json["seconds"]?.double,
            let rate = json["frame_rate"]?.double, let video = json["video"]?.text
        else { return nil }
        self.init(
            type: type, width: Int(width), height: Int(height), seconds: seconds, frameRate: rate,
            video: video, audio: json["audio"]?.text)
    }
}

/// The result of looking at a film.
package enum FilmOutcome: Sendable {
    case film(FilmFinding)
    case refused(MediaFault)
}

/// The reason for which nothing was looked at.
package enum MediaWorkerError: Error, Hashable, Sendable {
    /// The libraries do not load, or their process cannot be started.
    case unavailable(String)
    /// Too many files wait, or the machine is too busy to look at one within its time.
    case busy
}
