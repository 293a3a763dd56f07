package import Records

/// Looks whether a post fits its network, and names at once all that does not.
package struct PostCheck: Sendable {
    let rules: NetworkRules
    let draft: PostDraft
    package private(set) var faults: [Fault] = []

    package init(_ draft: PostDraft, on network: SocialNetwork) {
        (rules, self.draft) = (network.rules, draft)
        checkFormat()
        checkTexts()
        checkMedia()
        checkOptions()
        checkProducts()
    }

    /// The length of the text, as the network counts.
    package var length: Int { rules.counting.length(of: draft.standingText) }

    var name: String { rules.network.title }

    mutating func add(
        _ pointer: String, _ code: String, _ detail: String, length: Int? = nil, max: Int? = nil,
        choices: [String]? = nil
    ) {
        var fault = Fault(pointer, code, detail, choices: choices)
        (fault.length, fault.max) = (length, max)
        faults.append(fault)
    }

    private mutating func checkFormat() {
        let formats = rules.formats.map(\.rawValue)
        // YouTube takes nothing but films, so a post without a format is one.
        guard !rules.formats.contains(draft.format), draft.format != .post else { return }
        add(
            "/format", "invalid_choice", "\(name) has no \(draft.format.rawValue): choose another format.",
            choices: formats)
    }

    private mutating func checkTexts() {
        for (index, part) in draft.parts.enumerated() {
            let place = index == 0 ? "/text" : "/thread/\(index - 1)"
            checkText(part, at: place)
            if index > 0, part.isBlank {
                add(place, "required", "A part of a thread has words: write some, or leave the part out.")
            }
        }
        if draft.format != .thread, !draft.thread.isEmpty {
            add("/thread", "conflict", "Only a post of the format thread has parts: leave them out.")
        }
        if draft.standingText.isBlank, draft.media.isEmpty, !rules.needsMedia {
            add("/text", "required", "A post has words, a picture or a film.")
        }
        guard let comment = draft.firstComment, !comment.isEmpty else { return }
        if rules.takesFirstComment {
            checkText(comment, at: "/first_comment")
        } else {
            add("/first_comment", "conflict", "No first comment is written on \(name): leave it out.")
        }
    }

    private mutating func checkText(_ text: String, at place: String) {
        let length = rules.counting.length(of: text)
        if length > rules.textMax {
            add(
                place, "text_too_long",
                "\(name) takes \(rules.textMax) of its characters; there are \(length).",
                length: length, max: rules.textMax)
        }
        checkCount(Hashtags.count(in: text), rules.hashtagsMax, "hashtags", at: place)
        checkCount(Mentions.count(in: text), rules.mentionsMax, "mentions", at: place)
        if let mark = HiddenMarks.first(in: text) {
            add(
                place, "hidden_characters",
                "The character at place \(mark.place), \(mark.code), is not seen, and disguises words: "
                    + "take it out.")
        }
        for host in TextLinks.innerHosts(in: text) {
            add(
                place, "invalid_url",
                "Nobody outside can reach \(host): write an address that everybody can, or take it out.")
        }
    }

    private mutating func checkCount(_ count: Int, _ most: Int?, _ what: String, at place: String) {
        guard let most, count > most else { return }
        add(
            place, "too_many_\(what)", "\(name) takes \(most) \(what); there are \(count).", length: count,
            max: most)
    }

    private mutating func checkMedia() {
        let isFilm = rules.isFilm(draft.format)
        if draft.media.isEmpty, rules.needsMedia || isFilm || [.story, .carousel].contains(draft.format) {
            add("/media", "media_required", "\(name) needs a picture or a film here.")
        }
        for (index, medium) in draft.media.enumerated() {
            check(medium, at: "/media/\(index)", isFilm: isFilm)
        }
        let films = draft.media.count { $0.probe.isVideo }
        // A file of an unknown kind counts as a picture, so that a missing picture is not reported beside it.
        let pictures = draft.media.count - films
        let most = draft.format == .story || isFilm ? 1 : max(rules.imagesMax, 1)
        let isMixed = films > 0 && pictures > 0 && !rules.mixesMedia
        let count = rules.mixesMedia ? draft.media.count : isMixed ? draft.media.count : pictures
        if count > most || films > 1 && !rules.mixesMedia || isMixed {
            let limit = films > 0 && !rules.mixesMedia ? 1 : most
            add(
                "/media", "too_many_media",
                films > 0 && !rules.mixesMedia
                    ? "\(name) takes one film and nothing beside it."
                    : "\(name) takes \(limit) here; there are \(draft.media.count).",
                length: draft.media.count, max: limit)
        }
        if draft.format == .carousel, draft.media.count == 1 {
            add("/media", "media_required", "A carousel has two pictures or films at least.")
        }
    }

    private mutating func checkOptions() {
        for option in rules.requiredOptions {
            let place = "/options/\(option.name)"
            guard let value = draft.options[option.name], !value.isEmpty else {
                add(
                    place, "required", "\(name) wants \(option.name) chosen for each post.",
                    choices: option.values)
                continue
            }
            guard !option.values.contains(value) else { continue }
            add(
                place, "invalid_choice",
                "\(option.name) must be one of \(option.values.joined(separator: ", ")).",
                choices: option.values)
        }
    }
}

extension String {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
