internal import JSON
internal import Records

/// Those who decide in a company, where it names them with their title.
struct PeopleFacts {
    let text: PageText

    func read() -> [FoundFact] {
        guard text.kind != .press, text.isAboutItself else { return [] }
        var facts: [FoundFact] = []
        for (index, block) in text.blocks.enumerated() where !block.isOfOthers {
            for match in block.matches(.represented) where block.isOwn(match.tokens.lowerBound) {
                facts += names(behind: match.tokens.upperBound, in: block, title: nil, 0.9)
            }
            for match in block.matches(.title) where block.isOwn(match.tokens.lowerBound) {
                facts += named(by: match.tokens, in: block, at: index)
            }
        }
        return facts
    }

    /// Returns whether a title is that of one who decides.
    static func isDecisionMaker(_ title: String) -> Bool {
        let tokens = Token.all(in: Array(title.utf8))
        return CompanyLexicon.phrases.matches(in: tokens).contains {
            switch $0.group {
            case .group(.title), .group(.owner): true
            default: false
            }
        }
    }

    // MARK: Around a title

    private func named(by title: Range<Int>, in block: ReadBlock, at index: Int) -> [FoundFact] {
        let words = block.string(title, in: block.tokens)
        // "Managing Director: Jane Sample"
        if title.upperBound < block.tokens.count,
            isJoined(title.upperBound - 1, title.upperBound, block, by: ":")
        {
            let found = names(behind: title.upperBound, in: block, title: words, 0.9)
            if !found.isEmpty { return found }
        }
        // Where the law asks for her, and where they call her theirs: "Our CEO Jane Sample".
        let isTheirs =
            title.lowerBound > 0 && CompanyLexicon.owns.contains(block.tokens[title.lowerBound - 1].hash)
        if text.kind == .imprint || isTheirs, title.upperBound < block.tokens.count,
            isJoined(title.upperBound - 1, title.upperBound, block, by: "")
        {
            let found = names(behind: title.upperBound, in: block, title: words, 0.85)
            if !found.isEmpty { return found }
        }
        // "Jane Sample, CEO"
        if title.lowerBound > 0, let name = name(endingAt: title.lowerBound, in: block),
            isJoined(title.lowerBound - 1, title.lowerBound, block, by: ",-(|"),
            !isElsewhere(title.upperBound, block)
        {
            return [
                fact(block.string(name, in: block.tokens), words, block.string(name, in: block.tokens), 0.85)
            ]
        }
        return neighbour(of: title, in: block, at: index, words)
    }

    /// A card of a team: the name in one block and the title in the next, or the other way round.
    private func neighbour(
        of title: Range<Int>, in block: ReadBlock, at index: Int, _ words: String
    ) -> [FoundFact] {
        guard title.lowerBound <= 1, block.tokens.count - title.count <= 4,
            !isElsewhere(title.upperBound, block)
        else {
            return []
        }
        let near =
            [index - 1] + (text.kind == .imprint || block.bytes.last == UInt8(ascii: ":") ? [index + 1] : [])
        for place in near where text.blocks.indices.contains(place) {
            let other = text.blocks[place]
            guard !other.isOfOthers, !other.has(.title) else { continue }
            if let name = Self.name(at: 0, in: other), name.upperBound == other.tokens.count {
                let shown = other.string(name, in: other.tokens)
                return [fact(shown, words, shown, 0.85)]
            }
            // "Directors", and below: "Jane Sample, Max Muster".
            guard place > index, Self.isListOfNames(other) else { continue }
            return names(behind: 0, in: other, title: words, 0.85)
        }
        return []
    }

    private static func isListOfNames(_ block: ReadBlock) -> Bool {
        var index = 0
        while index < block.tokens.count, let name = name(at: index, in: block) { index = name.upperBound }
        return index == block.tokens.count
    }

    private func fact(_ name: String, _ title: String?, _ quote: String, _ confidence: Double) -> FoundFact {
        var person: JSONObject = ["name": .string(PersonName.cleaned(name))]
        if let title { person["title"] = .string(title) }
        return text.fact(.decisionMaker, .object(person), quote, confidence, .labelled)
    }

    /// "CEO of Other Corp": the words behind a title name another company.
    private func isElsewhere(_ index: Int, _ block: ReadBlock) -> Bool {
        guard index < block.tokens.count else { return false }
        let between = block.string(Int(block.tokens[index - 1].end)..<Int(block.tokens[index].start))
        let isJoint = CompanyLexicon.joints.contains(block.tokens[index].hash)
        guard isJoint || between.contains(",") || between.contains("@"), index + 1 < block.tokens.count else {
            return false
        }
        let start = isJoint ? index + 1 : index
        guard block.tokens[start].isCapital else { return false }
        let words = block.tokens[start...].prefix { $0.isCapital }
        let name = block.string(start..<(start + words.count), in: block.tokens)
        return !text.identity.fits(name)
            && LegalForms.form(at: start + words.count - 1, in: block.tokens, block.bytes) != nil
            || isJoint && !text.identity.fits(name) && between.contains(",") == false
    }

    /// Only blanks stand between two tokens, and one of some signs where any are asked for.
    private func isJoined(_ left: Int, _ right: Int, _ block: ReadBlock, by signs: String) -> Bool {
        let between = block.string(Int(block.tokens[left].end)..<Int(block.tokens[right].start))
            .replacing("\u{2013}", with: "-").replacing("\u{2014}", with: "-").replacing(")", with: "")
        let bare = between.filter { $0 != " " && $0 != "\u{A0}" }
        return signs.isEmpty ? bare.isEmpty : bare.count == 1 && signs.contains(bare.first!)
    }

    // MARK: Names

    /// "Jane Sample, Max Muster und Ana Ejemplo"
    private func names(
        behind start: Int, in block: ReadBlock, title: String?, _ confidence: Double
    ) -> [FoundFact] {
        var facts: [FoundFact] = [], index = start, title = title
        while index < block.tokens.count, facts.count < 6 {
            if let match = block.matches.first(where: { $0.tokens.lowerBound == index }),
                case .group(.title) = match.group
            {
                title = block.string(match.tokens, in: block.tokens)
                index = match.tokens.upperBound
                continue
            }
            guard let name = Self.name(at: index, in: block) else { break }
            let shown = block.string(name, in: block.tokens)
            facts.append(fact(shown, title, shown, confidence))
            index = name.upperBound
            guard index < block.tokens.count else { break }
            let between = block.string(Int(block.tokens[index - 1].end)..<Int(block.tokens[index].start))
                .filter { $0 != " " }
            if CompanyLexicon.joints.contains(block.tokens[index].hash), between.isEmpty {
                index += 1
            } else if ![",", "&", "/"].contains(between) {
                break
            }
        }
        return facts
    }

    /// The tokens of a person's name that begins at one.
    static func name(at start: Int, in block: ReadBlock) -> Range<Int>? {
        var index = start
        while index < block.tokens.count, CompanyLexicon.honorifics.contains(block.tokens[index].hash) {
            index += 1
        }
        let first = index
        var count = 0
        while index < block.tokens.count, index - first < 6 {
            if index > first, !isNameGap(index - 1, index, block) { break }
            let token = block.tokens[index]
            if token.isCapital, isNameWord(token, at: index, block) {
                count += 1
            } else if index == first || !CompanyLexicon.particles.contains(token.hash) {
                break
            }
            index += 1
        }
        while index > first, !block.tokens[index - 1].isCapital { index -= 1 }
        guard (2...4).contains(count), index - first >= 2, block.tokens[index - 1].range.count > 1 else {
            return nil
        }
        return first..<index
    }

    private func name(endingAt end: Int, in block: ReadBlock) -> Range<Int>? {
        for start in stride(from: max(0, end - 6), to: end - 1, by: 1) {
            guard let name = Self.name(at: start, in: block), name.upperBound == end else { continue }
            // A name begins where a sentence does, or behind a sign.
            let isFirst =
                name.lowerBound == 0 || !isJoined(name.lowerBound - 1, name.lowerBound, block, by: "")
                || CompanyLexicon.honorifics.contains(block.tokens[name.lowerBound - 1].hash)
                || !block.tokens[name.lowerBound - 1].isCapital
            if isFirst { return name }
        }
        return nil
    }

    private static func isNameGap(_ left: Int, _ right: Int, _ block: ReadBlock) -> Bool {
        let token = block.tokens[left]
        let gap = block.bytes[Int(token.end)..<Int(block.tokens[right].start)]
        if gap.elementsEqual([0x20]) { return true }
        return gap.elementsEqual([0x2E, 0x20]) && token.range.count <= 2
    }

    private static func isNameWord(_ token: Token, at index: Int, _ block: ReadBlock) -> Bool {
        guard token.number == nil, !CompanyLexicon.notNames.contains(token.hash),
            LegalForms.form(at: index, in: block.tokens, block.bytes) == nil,
            !block.bytes[token.range].contains(where: Token.isDigit)
        else { return false }
        return !block.matches.contains { match in
            guard match.tokens.contains(index) else { return false }
            if case .group(let group) = match.group {
                return group == .title || group == .phone || group == .mail
            }
            return true
        }
    }
}
