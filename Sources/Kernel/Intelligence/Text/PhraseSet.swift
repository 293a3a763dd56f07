/// Phrases in groups, found in a text in one pass.
///
/// A phrase is written as words with a space between: `a|b` is either word, `ab*` a word that begins so,
/// `*ab` one that ends so, `[a|b]` may be absent, `~3` stands for up to three words of any kind, `#` is a
/// number, `@` a mail address, `^` the sentence's beginning, `$` its end. It is found within one sentence.
/// Words are folded as texts are; one with an umlaut stands for its spelling with `e`, too.
struct PhraseSet<Group: Hashable & Sendable>: Sendable {
    struct Match: Sendable {
        let group: Group
        /// Indices of words.
        let words: Range<Int>
    }

    private struct Element: Sendable {
        var symbols: [Int32] = []
        var isOptional = false
        /// More than zero for a gap of so many words.
        var gap = 0
        var isStart = false, isEnd = false
    }

    private struct Phrase: Sendable {
        let group: Int
        let elements: [Element]
    }

    private let groups: [Group]
    private var phrases: [Phrase] = []
    private var exact: [String: [Int32]] = [:]
    /// By their first three bytes, or fewer.
    private var prefixes: [UInt32: [(text: [UInt8], symbol: Int32)]] = [:]
    private var suffixes: [(text: [UInt8], symbol: Int32)] = []
    /// By the symbol of the first word, the phrases that begin with it.
    private var starts: [[Int32]] = []
    private var numberSymbol: Int32 = -1, addressSymbol: Int32 = -1

    /// The lines of each group are its phrases.
    init(_ source: KeyValuePairs<Group, String>) { self.init(groups: source.map { ($0, $1) }) }

    init(groups source: [(Group, String)]) {
        groups = source.map(\.0)
        var known: [String: Int32] = [:]
        for (index, (_, lines)) in source.enumerated() {
            for line in lines.split(separator: "\n") where !line.isEmpty {
                let elements = line.split(separator: " ").map { element($0, &known) }
                let phrase = Int32(phrases.count)
                phrases.append(Phrase(group: index, elements: elements))
                let first = elements.first { !$0.symbols.isEmpty }
                for symbol in Set(first?.symbols ?? []).sorted() { starts[Int(symbol)].append(phrase) }
            }
        }
    }

    private mutating func element(_ text: Substring, _ known: inout [String: Int32]) -> Element {
        var element = Element()
        if text == "^" {
            element.isStart = true
        } else if text == "$" {
            element.isEnd = true
        } else if text.hasPrefix("~"), let gap = Int(text.dropFirst()) {
            element.gap = gap
        } else {
            var body = text
            if body.hasPrefix("["), body.hasSuffix("]") {
                element.isOptional = true
                body = body.dropFirst().dropLast()
            }
            for word in body.split(separator: "|") {
                for spelling in Self.spellings(word) { element.symbols.append(symbol(spelling, &known)) }
            }
        }
        return element
    }

    private static func spellings(_ word: Substring) -> [String] {
        guard word.contains(where: { "äöü".contains($0) }) else { return [LetterFolding.fold(word)] }
        let long = word.replacing("ä", with: "ae").replacing("ö", with: "oe").replacing("ü", with: "ue")
        return [LetterFolding.fold(word), LetterFolding.fold(long)]
    }

    private mutating func symbol(_ word: String, _ known: inout [String: Int32]) -> Int32 {
        if let symbol = known[word] { return symbol }
        let symbol = Int32(starts.count)
        known[word] = symbol
        starts.append([])
        if word == "#" {
            numberSymbol = symbol
        } else if word == "@" {
            addressSymbol = symbol
        } else if word.hasSuffix("*") {
            let text = Array(word.utf8.dropLast())
            prefixes[Self.key(text), default: []].append((text, symbol))
        } else if word.hasPrefix("*") {
            suffixes.append((Array(word.utf8.dropFirst()), symbol))
        } else {
            exact[word, default: []].append(symbol)
        }
        return symbol
    }

    private static func key(_ text: some Collection<UInt8>) -> UInt32 {
        text.prefix(3).reduce(0) { $0 << 8 | UInt32($1) }
    }

    // MARK: Finding

    /// Every phrase that is found, in the order of the text; of each phrase the shortest at each place.
    func matches(in text: ReadText) -> [Match] {
        let symbols = text.words.map(symbols)
        var found: [Match] = []
        for place in symbols.indices {
            for symbol in symbols[place] {
                for index in starts[Int(symbol)] {
                    let phrase = phrases[Int(index)]
                    if let end = end(of: phrase.elements[...], at: place, place, symbols, text) {
                        found.append(Match(group: groups[phrase.group], words: place..<end))
                    }
                }
            }
        }
        return found
    }

    private func symbols(_ word: ReadText.Word) -> [Int32] {
        var symbols = exact[word.folded] ?? []
        switch word.kind {
        case .number: if numberSymbol >= 0 { symbols.append(numberSymbol) }
        case .address: if addressSymbol >= 0 { symbols.append(addressSymbol) }
        case .link, .mark: break
        case .word:
            var key: UInt32 = 0
            for byte in word.folded.utf8.prefix(3) {
                key = key << 8 | UInt32(byte)
                guard let candidates = prefixes[key] else { continue }
                for (text, symbol) in candidates where word.folded.utf8.starts(with: text) {
                    symbols.append(symbol)
                }
            }
            for (text, symbol) in suffixes
            where word.folded.utf8.count > text.count
                && word.folded.utf8.suffix(text.count).elementsEqual(text)
            {
                symbols.append(symbol)
            }
        }
        return symbols
    }

    private func end(
        of elements: ArraySlice<Element>, at place: Int, _ first: Int, _ symbols: [[Int32]], _ text: ReadText
    ) -> Int? {
        guard let element = elements.first else { return place }
        let rest = elements.dropFirst()
        let isInside = place < symbols.count && text.words[place].sentence == text.words[first].sentence
        if element.isStart {
            let isFirst = place == 0 || text.words[place - 1].sentence != text.words[place].sentence
            return isFirst ? end(of: rest, at: place, first, symbols, text) : nil
        }
        if element.isEnd {
            let isLast = !isInside || text.words[place].kind == .mark
            return isLast ? end(of: rest, at: place, first, symbols, text) : nil
        }
        if element.gap > 0 {
            for skipped in 0...element.gap {
                if skipped > 0 {
                    let last = place + skipped - 1
                    guard last < symbols.count, text.words[last].sentence == text.words[first].sentence else {
                        return nil
                    }
                }
                if let end = end(of: rest, at: place + skipped, first, symbols, text) { return end }
            }
            return nil
        }
        if isInside, symbols[place].contains(where: element.symbols.contains),
            let end = end(of: rest, at: place + 1, first, symbols, text)
        {
            return end
        }
        return element.isOptional ? end(of: rest, at: place, first, symbols, text) : nil
    }
}
