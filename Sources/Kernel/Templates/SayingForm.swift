package import JSON
internal import Synchronization
package import Wording

/// One of the forms that the English of a sentence has: its words, with places between them. A pattern with choices or
/// plurals has a form for each.
struct SayingForm: Hashable {
    enum Piece: Hashable {
        case words(String)
        /// The place of a value.
        case value(String)
    }

    var pieces: [Piece] = []
    /// The values by which the form was chosen.
    var choices: [String: String] = [:]
    /// The values by which a plural was chosen, which are numbers.
    var counts: Set<String> = []

    /// Returns the forms of a pattern; none where it is no pattern that this reads.
    static func forms(of pattern: String) -> [SayingForm] {
        var reader = PatternReader(Array(pattern))
        return reader.forms(in: nil) ?? []
    }

    /// Returns the values that a sentence of this form has; `nil`: it has another form.
    func values(in text: String) -> [String: Saying.Value]? {
        var found = choices.mapValues { Saying.Value.text($0) }
        var rest = text[...], open: String?
        func note(_ name: String, _ value: Substring) -> Bool {
            guard counts.contains(name) else {
                found[name] = .text(String(value))
                return !value.isEmpty
            }
            guard let number = Int(value.filter { $0 != "," }) else { return false }
            found[name] = .number(number)
            return true
        }
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .value(let name):
                guard open == nil else { return nil }
                open = name
            case .words(let words):
                let isLast = index == pieces.count - 1
                let place: Range<Substring.Index>
                if let name = open {
                    guard let next = isLast ? rest.end(words) : rest.firstRange(of: words),
                        note(name, rest[..<next.lowerBound])
                    else { return nil }
                    (place, open) = (next, nil)
                } else {
                    guard rest.hasPrefix(words), let next = rest.firstRange(of: words) else { return nil }
                    place = next
                }
                rest = rest[place.upperBound...]
            }
        }
        if let open { return note(open, rest) ? found : nil }
        return rest.isEmpty ? found : nil
    }

    /// The length of the part of a sentence that is the form's own.
    var ownCount: Int {
        pieces.reduce(0) { if case .words(let words) = $1 { $0 + words.count } else { $0 } }
    }
}

extension Substring {
    /// Where the text ends with these words.
    fileprivate func end(_ words: String) -> Range<Index>? {
        guard hasSuffix(words), words.count <= count else { return nil }
        return index(endIndex, offsetBy: -words.count)..<endIndex
    }
}

/// Reads the patterns of sentences, as far as the catalogues use them.
private struct PatternReader {
    private let text: [Character]
    private var place = 0

    init(_ text: [Character]) { self.text = text }

    /// Reads to the end, or to the bracket that closes a choice. `count`: the number whose plural it is of.
    mutating func forms(in count: String?) -> [SayingForm]? {
        var forms = [SayingForm()]
        while place < text.count, text[place] != "}" {
            let next: [SayingForm]?
            switch text[place] {
            case "{": next = argument()
            case "#" where count != nil:
                place += 1
                next = [SayingForm(pieces: [.value(count!)])]
            // Quoted letters are in no sentence that is told like this.
            case "'": return nil
            default: next = [SayingForm(pieces: [.words(words(in: count))])]
            }
            guard let next else { return nil }
            forms = forms.flatMap { form in next.compactMap { form.followed(by: $0) } }
            guard forms.count <= 64 else { return nil }
        }
        return forms
    }

    private mutating func words(in count: String?) -> String {
        let start = place
        while place < text.count, !"{}'".contains(text[place]), text[place] != "#" || count == nil {
            place += 1
        }
        return String(text[start..<place])
    }

    private mutating func argument() -> [SayingForm]? {
        place += 1
        let name = word()
        guard take(",") else { return take("}") ? [SayingForm(pieces: [.value(name)])] : nil }
        let kind = word()
        guard take(","), kind == "select" || kind == "plural" else { return nil }
        var forms: [SayingForm] = []
        while !take("}") {
            let choice = word()
            guard take("{"), let branch = self.forms(in: kind == "plural" ? name : nil), take("}") else {
                return nil
            }
            for var form in branch {
                if kind == "plural" { form.counts.insert(name) } else { form.choices[name] = choice }
                forms.append(form)
            }
        }
        return forms
    }

    private mutating func word() -> String {
        skip()
        let start = place
        while place < text.count, text[place].isLetter || text[place].isNumber || "_=".contains(text[place]) {
            place += 1
        }
        return String(text[start..<place])
    }

    private mutating func take(_ character: Character) -> Bool {
        skip()
        guard place < text.count, text[place] == character else { return false }
        place += 1
        return true
    }

    private mutating func skip() {
        while place < text.count, text[place].isWhitespace { place += 1 }
    }
}

extension SayingForm {
    /// Returns the form with another one behind it; `nil` where the two choose otherwise.
    fileprivate func followed(by next: SayingForm) -> SayingForm? {
        guard next.choices.allSatisfy({ choices[$0] == nil || choices[$0] == $1 }) else { return nil }
        var form = self
        for piece in next.pieces {
            if case .words(let more) = piece, case .words(let words)? = form.pieces.last {
                form.pieces[form.pieces.count - 1] = .words(words + more)
            } else {
                form.pieces.append(piece)
            }
        }
        form.choices.merge(next.choices) { first, _ in first }
        form.counts.formUnion(next.counts)
        return form
    }
}

// MARK: Sentences that are stored in English alone

/// A sentence of the catalogue with its forms, and the values that it needs.
private struct KnownSentence {
    let key: String, form: SayingForm
    /// The values that the form itself does not tell.
    let others: [String: Saying.Value]

    static func all(_ key: String, _ pattern: String) -> [KnownSentence] {
        let forms = SayingForm.forms(of: pattern)
        let counts = forms.reduce(into: Set<String>()) { $0.formUnion($1.counts) }
        let names = forms.reduce(into: counts) { $0.formUnion($1.names) }
        let others = names.reduce(into: [:]) { others, name in
            others[name] = counts.contains(name) ? Saying.Value.number(0) : .text("")
        }
        return forms.filter { $0.ownCount > 0 }.map { KnownSentence(key: key, form: $0, others: others) }
    }

    func saying(_ text: String) -> Saying? {
        guard let values = form.values(in: text) else { return nil }
        let saying = Saying(key, others.merging(values) { $1 })
        return saying.english == text ? saying : nil
    }
}

extension SayingForm {
    fileprivate var names: Set<String> {
        let places = pieces.compactMap { if case .value(let name) = $0 { name } else { nil } }
        return Set(places).union(choices.keys)
    }
}

extension Saying {
    private static let known = Mutex<[[String]: [KnownSentence]]>([:])

    /// Returns what a sentence is made of that is stored in English alone: by the form that it has among the
    /// catalogue's keys that begin like this. `nil`: it has none, and is somebody's own.
    package static func recognised(_ text: String, among beginnings: [String]) -> Saying? {
        sentences(beginnings).lazy.compactMap { $0.saying(text) }.first
    }

    /// Returns a sentence in the reader's words where it has the form of one of the keys, and else as it is.
    package static func told(_ text: String, among beginnings: [String], in words: Wording) -> String {
        recognised(text, among: beginnings)?.said(in: words) ?? text
    }

    /// Those with the most words of their own come first.
    private static func sentences(_ beginnings: [String]) -> [KnownSentence] {
        if let sentences = known.withLock({ $0[beginnings] }) { return sentences }
        let texts = Catalogue.standard.texts.filter { key, _ in
            beginnings.contains { key.hasPrefix($0) }
        }
        let all = texts.sorted { $0.key < $1.key }.flatMap { KnownSentence.all($0, $1) }
        let sentences = all.sorted { $0.form.ownCount > $1.form.ownCount }
        known.withLock { $0[beginnings] = sentences }
        return sentences
    }
}

extension JSON {
    /// Returns the document with some of its members told, whose sentences have the form of one of the keys.
    package func told(_ members: Set<String>, among beginnings: [String], in words: Wording) -> JSON {
        if let array { return .array(array.map { $0.told(members, among: beginnings, in: words) }) }
        guard let object else { return self }
        return .object(
            JSONObject(
                object.members.map { name, value in
                    guard members.contains(name), let text = value.text else {
                        return (name, value.told(members, among: beginnings, in: words))
                    }
                    return (name, .string(Saying.told(text, among: beginnings, in: words)))
                }))
    }
}
