package import Media
internal import Records

extension PostCheck {
    /// Looks whether a picture or film is taken, or can be made to fit.
    mutating func check(_ medium: PostDraft.Medium, at place: String, isFilm: Bool) {
        let probe = medium.probe
        if probe.isImage, medium.altText.isBlank {
            add("\(place)/alt_text", "alt_text_required", "Say what the picture shows.")
        }
        let films = rules.films(of: draft.format)
        let types = (isFilm ? [] : rules.image.types) + (films?.types ?? [])
        checkPart(of: medium, at: place)
        guard let type = probe.type, medium.fault != .notMedia else {
            return add(
                "\(place)/file_id", "media_type",
                "The file is not a picture or film that \(name) takes: upload one of another format.")
        }
        if let fault = medium.fault {
            return add(
                fault, at: place, types, probe.isVideo ? films?.ratio : rules.imageRatio(of: draft.format))
        }
        if probe.isImage, let recipe = rules.recipe(of: draft.format) {
            return check(probe, by: recipe, at: place)
        }
        guard probe.isVideo, let films else {
            return add(
                "\(place)/file_id", "media_type", "\(name) does not take \(type) here.", choices: types)
        }
        check(medium, by: films, at: place)
    }

    private mutating func checkPart(of medium: PostDraft.Medium, at place: String) {
        guard let part = medium.part else { return }
        if medium.probe.isImage {
            add(
                "\(place)/\(part.start > 0 ? "start" : "end")_seconds", "conflict",
                "Only films have parts: leave start_seconds and end_seconds out.")
        } else if let end = part.end, end <= part.start {
            add("\(place)/end_seconds", "out_of_range", "end_seconds must be after start_seconds.")
        }
    }

    private mutating func add(
        _ fault: MediaFault, at place: String, _ types: [String], _ ratio: ClosedRange<Double>?
    ) {
        guard fault != .part else {
            // A part that ends before it begins has been told that.
            guard !faults.contains(where: { $0.pointer == "\(place)/end_seconds" }) else { return }
            return add(
                "\(place)/start_seconds", "out_of_range",
                "The film ends before the part begins: choose an earlier start_seconds.")
        }
        let (code, detail) = fault.said(at: name, wanted: wanted(ratio))
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

    /// Looks at a film as it will be: before anybody has looked at it, as its head tells.
    private mutating func check(
        _ medium: PostDraft.Medium, by films: NetworkRules.VideoRules, at place: String
    ) {
        let file = "\(place)/file_id", probe = medium.probe, isKnown = probe.codec != nil
        if probe.size > films.bytesMax {
            add(
                file, "media_too_large", "\(name) takes files of \(films.bytesMax) bytes at most.",
                length: probe.size, max: films.bytesMax)
        }
        if let width = probe.width, let height = probe.height,
            PictureRecipe.Shape(width: width, height: height).cut(to: films.ratio) == nil
        {
            add(file, "media_ratio", wanted(films.ratio))
        }
        if let wanted = films.seconds, let seconds = probe.seconds, medium.part == nil || isKnown,
            !wanted.contains(seconds)
        {
            let advice =
                seconds > wanted.upperBound ? " Name the part that is shown: start_seconds, end_seconds." : ""
            add(
                file, "media_length",
                "\(name) takes films of \(wanted.lowerBound) to \(wanted.upperBound) seconds." + advice)
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
        case .heavy: ("media_too_large", "The file stays too large for \(name), however it is written.")
        case .shape: ("media_ratio", wanted)
        case .damaged: ("media_damaged", "The file is damaged, or not whole: send it again.")
        case .part: ("media_length", "The film ends before the part of it begins.")
        case .costly: ("media_damaged", "The file takes more memory or time to read than a file gets.")
        }
    }
}
