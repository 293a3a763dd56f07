package import Media

extension PostCheck {
    /// Looks whether a picture or film is taken, or can be made to fit.
    mutating func check(_ medium: PostDraft.Medium, at place: String, isFilm: Bool) {
        let probe = medium.probe
        if probe.isImage, medium.altText.isBlank {
            add("\(place)/alt_text", "alt_text_required", "Say what the picture shows.")
        }
        let types = (isFilm ? [] : rules.image.types) + (rules.films(of: draft.format)?.types ?? [])
        guard let type = probe.type, medium.fault != .notMedia else {
            return add(
                "\(place)/file_id", "media_type",
                "The file is not a picture or film that \(name) takes: upload one of another format.")
        }
        if let fault = medium.fault { return add(fault, at: place, types) }
        if probe.isImage, let recipe = rules.recipe(of: draft.format) {
            return check(probe, by: recipe, at: place)
        }
        guard types.contains(type), let films = rules.films(of: draft.format) else {
            return add(
                "\(place)/file_id", "media_type", "\(name) does not take \(type) here.", choices: types)
        }
        check(probe, by: films, at: place)
    }

    private mutating func add(_ fault: MediaFault, at place: String, _ types: [String]) {
        let (code, detail) = fault.said(at: name, wanted: wanted(rules.imageRatio(of: draft.format)))
        add("\(place)/file_id", code, detail, choices: fault == .moving ? types : nil)
    }

    private func wanted(_ ratio: ClosedRange<Double>?) -> String {
        guard let ratio else { return "\(name) does not take this shape." }
        return "\(name) takes shapes from \(ratio.lowerBound) to \(ratio.upperBound), width by height; "
            + "more than half of it would be cut away."
    }

    /// Estimates by the head of a picture whether it can be made to fit. Whoever makes it so may find more.
    private mutating func check(_ probe: MediaProbe, by recipe: PictureRecipe, at place: String) {
        guard let width = probe.width, let height = probe.height else { return }
        if recipe.shape(of: .init(width: width, height: height)) == nil {
            add("\(place)/file_id", "media_ratio", wanted(recipe.ratio))
        }
    }

    private mutating func check(_ probe: MediaProbe, by films: NetworkRules.VideoRules, at place: String) {
        let file = "\(place)/file_id"
        if probe.size > films.bytesMax {
            add(
                file, "media_too_large", "\(name) takes files of \(films.bytesMax) bytes at most.",
                length: probe.size, max: films.bytesMax)
        }
        // A pixel more or less by rounding is no other shape.
        if let wanted = films.ratio, let ratio = probe.ratio,
            ratio < wanted.lowerBound - 0.005 || ratio > wanted.upperBound + 0.005
        {
            add(
                file, "media_ratio",
                "\(name) takes shapes from \(wanted.lowerBound) to \(wanted.upperBound), width by height. "
                    + "Films are not cut here.")
        }
        if let wanted = films.seconds, let seconds = probe.seconds, !wanted.contains(seconds) {
            add(
                file, "media_length",
                "\(name) takes films of \(wanted.lowerBound) to \(wanted.upperBound) seconds.")
        }
        if let rate = probe.frameRate, rate > 0, let wanted = films.frameRate,
            rate < wanted.lowerBound - 0.5 || rate > wanted.upperBound + 0.5
        {
            add(
                file, "media_frame_rate",
                "\(name) takes films of \(wanted.lowerBound) to \(wanted.upperBound) pictures a second.")
        }
        checkCodecs(probe, films, at: file)
    }

    private mutating func checkCodecs(
        _ probe: MediaProbe, _ films: NetworkRules.VideoRules, at file: String
    ) {
        let wanted = [
            (probe.codec, films.codecs, "The picture"), (probe.audioCodec, films.audioCodecs, "The sound"),
        ]
        for case (let codec?, let taken, let what) in wanted where !taken.isEmpty && !taken.contains(codec) {
            add(
                file, "media_codec",
                "\(what) of the film is written as \(codec), which \(name) does not take.",
                choices: taken)
        }
    }
}

extension MediaFault {
    /// Returns the code and the sentence for a file at a place by its name, with the shapes that it takes.
    package func said(at name: String, wanted: String = "") -> (code: String, detail: String) {
        switch self {
        case .notMedia:
            (
                "media_type",
                "The file is not a picture or film that \(name) takes: upload one of another format."
            )
        case .moving:
            ("media_type", "A moving picture would stand still on \(name): choose a still one, or a film.")
        case .tooLarge: ("media_too_large", "The picture has more points than are read: make it smaller.")
        case .heavy: ("media_too_large", "The picture stays too large for \(name), however it is written.")
        case .shape: ("media_ratio", wanted)
        case .damaged: ("media_damaged", "The file is damaged, or not whole: send it again.")
        case .costly: ("media_damaged", "The file takes more memory or time to read than a file gets.")
        }
    }
}
