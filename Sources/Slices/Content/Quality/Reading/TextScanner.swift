/// Reads the characters of a text one after the other, for `ScannedText`.
struct TextScanner {
    private let scalars: [Unicode.Scalar]
    private(set) var tokens: [ScannedText.Token] = []
    private(set) var links: [ScannedText.Link] = []
    private(set) var addresses: [Range<Int>] = []
    private(set) var passed: [Range<Int>] = []
    private var place = 0, sentence = 0
    /// Whether the sentence has a word.
    private var hasWord = false

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func read() {
        while place < scalars.count {
            let scalar = scalars[place]
            if scalar == "{", let end = end(ofPlaceAt: place) {
                pass(to: end)
            } else if scalar == "]", at(place + 1) == "(" {
                readTarget()
            } else if scalar.isWordPart {
                readWord()
            } else {
                readSign(scalar)
            }
        }
    }

    private func at(_ index: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index) ? scalars[index] : nil
    }

    private mutating func pass(to end: Int) {
        passed.append(place..<end)
        place = end
    }

    // MARK: Places for values, and links

    /// The longest place for a value: what is open for longer is text.
    private static let valueMax = 200

    /// Returns where a place for a value ends that begins here: `{{ … }}` or `{% … %}`.
    private func end(ofPlaceAt start: Int) -> Int? {
        guard let kind = at(start + 1), kind == "{" || kind == "%" else { return nil }
        let close: Unicode.Scalar = kind == "{" ? "}" : "%"
        var index = start + 2
        while index + 1 < min(scalars.count, start + Self.valueMax) {
            if scalars[index] == close, scalars[index + 1] == "}" { return index + 2 }
            index += 1
        }
        return nil
    }

    /// Reads the target of a link in Markdown, `](…)`. What is not closed is text.
    private mutating func readTarget() {
        var start = place + 2
        if at(start) == "<" { start += 1 }
        var end = start, depth = 0
        while let scalar = at(end), !scalar.isSpace, scalar != ">" {
            // Another link begins.
            if scalar == "]", at(end + 1) == "(" { break }
            if scalar == "(" { depth += 1 }
            if scalar == ")" {
                if depth == 0 { break }
                depth -= 1
            }
            end += 1
        }
        let title = at(end)?.isSpace == true ? at(end + 1) : nil
        let isClosed = at(end) == ")" || at(end) == ">" || title == "\"" || title == "'"
        if isClosed, start < end {
            addLink(start..<end)
        } else if isClosed, at(end) == ")" {
            // Nothing stands between the brackets.
            links.append(ScannedText.Link(text: "", range: place..<end + 1, sentence: sentence))
        } else {
            end = place + 2
        }
        place = end
    }

    private mutating func addLink(_ range: Range<Int>) {
        let text = String(String.UnicodeScalarView(scalars[range]))
        links.append(ScannedText.Link(text: text, range: range, sentence: sentence))
        passed.append(range)
    }

    private static let beginnings = ["https://", "http://", "ftp://", "www."].map { Array($0.unicodeScalars) }

    private func isLink(at start: Int) -> Bool {
        Self.beginnings.contains { beginning in
            beginning.indices.allSatisfy { offset in
                guard let scalar = at(start + offset) else { return false }
                let small = scalar.value &- 0x41 < 26 ? Unicode.Scalar(scalar.value | 0x20)! : scalar
                return small == beginning[offset]
            }
        }
    }

    private mutating func readLink() {
        var end = place
        while let scalar = at(end), !scalar.isSpace,
            !"<>\"'`|\u{201D}\u{201C}\u{BB}".unicodeScalars.contains(scalar),
            !scalar.isUnseen
        { end += 1 }
        var opened = scalars[place..<end].count { $0 == "(" },
            closed = scalars[place..<end].count { $0 == ")" }
        while end > place + 1, let last = at(end - 1), ".,;:!?)]}*_".unicodeScalars.contains(last) {
            if last == ")" {
                if opened >= closed { break }
                closed -= 1
            } else if last == "(" {
                opened -= 1
            }
            end -= 1
        }
        addLink(place..<end)
        hasWord = true
        place = end
    }

    // MARK: Words

    private mutating func readWord() {
        let isFree = place == 0 || !scalars[place - 1].isWordPart
        if isFree, isLink(at: place) { return readLink() }
        if let end = end(ofAddressAt: place) {
            addresses.append(place..<end)
            return pass(to: end)
        }
        if scalars[place].isDigit { return readNumber() }
        let start = place
        var end = start, text = String.UnicodeScalarView(), letters = 0, capitals = 0
        while let scalar = at(place) {
            if scalar.isWordPart {
                text.append(scalar)
                end = place + 1
                if scalar.properties.isAlphabetic { letters += 1 }
                if scalar.properties.isUppercase { capitals += 1 }
            } else if scalar.isApostrophe, at(place + 1)?.isWordPart == true {
                text.append("'")
            } else if !scalar.isUnseen {
                break
            }
            place += 1
        }
        place = end
        add(
            .word, start..<end, String(text), letters: letters, isCapitals: letters > 0 && capitals == letters
        )
    }

    private mutating func readNumber() {
        let start = place
        var end = start, text = String.UnicodeScalarView()
        while let scalar = at(place) {
            if scalar.isWordPart {
                text.append(scalar)
                end = place + 1
            } else if ".,:/'\u{2019}\u{A0}\u{202F}".unicodeScalars.contains(scalar),
                at(place + 1)?.isDigit == true
            {
                text.append(scalar)
            } else if !scalar.isUnseen {
                break
            }
            place += 1
        }
        place = end
        add(.number, start..<end, String(text), letters: 0, isCapitals: false)
    }

    private mutating func add(
        _ kind: ScannedText.Kind, _ range: Range<Int>, _ text: String, letters: Int, isCapitals: Bool
    ) {
        let before = at(range.lowerBound - 1)
        tokens.append(
            ScannedText.Token(
                text: text.lowercased(), kind: kind, mark: before == "#" || before == "@" ? before : nil,
                range: range, sentence: sentence, letters: letters, isCapitals: isCapitals))
        hasWord = true
    }

    private static let localMax = 64, domainMax = 255

    /// Returns where a mail address ends that begins here.
    private func end(ofAddressAt start: Int) -> Int? {
        guard start == 0 || !isLocal(scalars[start - 1]) else { return nil }
        var index = start
        while let scalar = at(index), isLocal(scalar), index - start <= Self.localMax { index += 1 }
        guard at(index) == "@", index > start else { return nil }
        let domain = index + 1
        index = domain
        while let scalar = at(index), isDomain(scalar), index - domain <= Self.domainMax { index += 1 }
        while index > domain, let last = at(index - 1), last == "." || last == "-" { index -= 1 }
        return scalars[domain..<index].contains(".") ? index : nil
    }

    private func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        isDomain(scalar) || scalar == "_" || scalar == "+" || scalar == "%"
    }

    private func isDomain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value | 0x20 &- 0x61 < 26 || scalar.isDigit || scalar == "." || scalar == "-"
    }

    // MARK: Signs and sentences

    private mutating func readSign(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "%", "\u{2030}", "$", "\u{20AC}", "\u{A3}", "!", "?":
            tokens.append(
                ScannedText.Token(
                    text: String(scalar), kind: .sign, mark: nil, range: place..<place + 1,
                    sentence: sentence,
                    letters: 0, isCapitals: false))
            if scalar == "!" || scalar == "?" { endSentence(after: place) }
        case ".", "\u{2026}": endSentence(after: place)
        case "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{2029}": end()
        case "\n": endLine()
        default: break
        }
        place += 1
    }

    private mutating func end() {
        if hasWord { sentence += 1 }
        hasWord = false
    }

    /// A mark ends the sentence where a space follows it, and after that no small letter.
    private mutating func endSentence(after mark: Int) {
        var index = mark + 1
        while let scalar = at(index), index < mark + 4,
            ")\"'\u{201D}\u{2019}\u{BB}*_.!?".unicodeScalars.contains(scalar)
        {
            index += 1
        }
        guard let next = at(index) else { return end() }
        guard next.isSpace || next.isUnseen else { return }
        while let scalar = at(index), index < mark + 8, scalar.isSpace || scalar.isUnseen { index += 1 }
        if at(index)?.properties.isLowercase != true { end() }
    }

    /// A line ends the sentence where an empty one follows, or one that begins an entry of a list or a heading.
    private mutating func endLine() {
        switch at(place + 1) {
        case nil, "\n", "-", "*", "#", ">", "|", "\u{2022}": end()
        case let next?: if next.isDigit { end() }
        }
    }
}
