/// A sentence of guidelines, and the rules that it states.
struct GuidelineSentence {
    private let line: GuidelineLine
    private let tokens: Range<Int>
    private let words: GuidelineWords
    private let place: Range<Int>

    init(_ line: GuidelineLine, _ tokens: Range<Int>, _ words: GuidelineWords) {
        (self.line, self.tokens, self.words) = (line, tokens, words)
        place = line.text.place(of: tokens)
    }

    var rules: [GuidelineRule.Kind] {
        let all = [preferred ?? disclosure ?? banned, grade]
        return all.compactMap { $0 }
    }

    // MARK: Places

    private func first(_ index: TermIndex) -> Range<Int>? {
        index.matches(in: line.text).map(\.range).first { range in
            place.contains(range.lowerBound) && !line.quoted.contains { $0.range.overlaps(range) }
        }
    }

    /// The quoted terms that begin in some places.
    private func quoted(_ range: Range<Int>) -> [String] {
        line.quoted.filter { range.contains($0.range.lowerBound) && place.contains($0.range.lowerBound) }
            .map(\.text)
    }

    private func tokens(_ range: Range<Int>) -> [ScannedText.Token] {
        line.text.tokens[tokens].filter { $0.kind != .sign && range.contains($0.range.lowerBound) }
    }

    /// Returns the words of tokens as they are written.
    private func written(_ tokens: some Collection<ScannedText.Token>) -> String {
        tokens.map { line.text.quote($0.range) }.joined(separator: " ")
    }

    /// The longest term that is named without quotation marks.
    private static let termWordsMax = 3

    /// Returns the terms between commas in some places, where they are short enough to be terms.
    private func terms(_ range: Range<Int>) -> [String] {
        let named = quoted(range)
        guard named.isEmpty else { return named }
        var terms: [[ScannedText.Token]] = [[]]
        var end = range.lowerBound
        for token in tokens(range) {
            let between = line.text.scalars[min(end, token.range.lowerBound)..<token.range.lowerBound]
            if between.contains(where: { ",;/".unicodeScalars.contains($0) }) { terms.append([]) }
            if words.and.contains(token.text) {
                terms.append([])
            } else {
                terms[terms.count - 1].append(token)
            }
            end = token.range.upperBound
        }
        let found = terms.filter { !$0.isEmpty }
        guard found.allSatisfy({ $0.count <= Self.termWordsMax }) else { return [] }
        return found.map(written)
    }

    private var whole: Range<Int> { place.lowerBound..<line.text.scalars.count }

    // MARK: Rules

    /// Reads "say A instead of B", "instead of B say A", "B → A".
    private var preferred: GuidelineRule.Kind? {
        if let cue = first(words.instead) {
            let said = tokens(whole.lowerBound..<cue.lowerBound)
            if said.isEmpty {
                guard
                    let say = tokens(cue.upperBound..<whole.upperBound).first(where: {
                        words.say.contains($0.text)
                    })
                else { return nil }
                return rule(
                    terms(say.range.upperBound..<whole.upperBound),
                    terms(cue.upperBound..<say.range.lowerBound))
            }
            let from = said.last { words.say.contains($0.text) }?.range.upperBound ?? whole.lowerBound
            return rule(terms(from..<cue.lowerBound), terms(cue.upperBound..<whole.upperBound))
        }
        let scalars = line.text.scalars
        guard let arrow = (place.lowerBound..<place.upperBound).first(where: { isArrow($0, scalars) }) else {
            return nil
        }
        return rule(terms(arrow + 1..<whole.upperBound), terms(whole.lowerBound..<arrow))
    }

    private func isArrow(_ index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        if scalars[index] == "\u{2192}" || scalars[index] == "\u{21D2}" { return true }
        return (scalars[index] == "-" || scalars[index] == "=") && index + 1 < scalars.count
            && scalars[index + 1] == ">"
    }

    private func rule(_ use: [String], _ insteadOf: [String]) -> GuidelineRule.Kind? {
        guard let use = use.last, !insteadOf.isEmpty else { return nil }
        return .preferred(use: use, insteadOf: insteadOf)
    }

    /// Reads "never say A", "avoid the words A and B".
    private var banned: GuidelineRule.Kind? {
        guard let cue = first(words.never) else { return nil }
        let named = quoted(cue.upperBound..<whole.upperBound)
        if !named.isEmpty { return .banned(named) }
        let after = tokens(cue.upperBound..<whole.upperBound)
        guard let word = after.first(where: { words.word.contains($0.text) }) else { return nil }
        let listed = terms(word.range.upperBound..<whole.upperBound)
        return listed.isEmpty ? nil : .banned(listed)
    }

    /// Reads "A must carry B", "add B to A".
    private var disclosure: GuidelineRule.Kind? {
        guard first(words.never) == nil, let mark = markers.first else { return nil }
        let must = first(words.must), carry = first(words.carry)
        if let cue = [must, carry].compactMap({ $0 }).min(by: { $0.lowerBound < $1.lowerBound }),
            carry != nil, let mark = markers.first(where: { $0.range.lowerBound >= cue.upperBound })
        {
            let before = tokens(whole.lowerBound..<cue.lowerBound)
            return before.isEmpty ? nil : .disclosure(when: occasion(before), text: mark.text)
        }
        guard let start = tokens(whole).first, words.add.contains(start.text) else { return nil }
        let after = tokens(mark.range.upperBound..<whole.upperBound)
        if let on = after.firstIndex(where: { words.on.contains($0.text) }) {
            return .disclosure(when: occasion(Array(after[(on + 1)...])), text: mark.text)
        }
        let between = tokens(start.range.upperBound..<max(start.range.upperBound, mark.range.lowerBound - 1))
        let bare = between.reversed().drop { words.on.contains($0.text) }.reversed()
        return .disclosure(when: occasion(Array(bare)), text: mark.text)
    }

    /// The words that a piece may have to carry: hashtags, and what is quoted.
    private var markers: [GuidelineLine.Term] {
        let tags = line.text.tokens[tokens].filter { $0.mark == "#" }.map { token in
            let range = token.range.lowerBound - 1..<token.range.upperBound
            return GuidelineLine.Term(text: line.text.quote(range), range: range)
        }
        let named = line.quoted.filter { place.contains($0.range.lowerBound) }
        return (named + tags.filter { tag in !named.contains { $0.range.overlaps(tag.range) } })
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// Returns the words that ask for a disclosure; `nil` where every piece does.
    private func occasion(_ tokens: [ScannedText.Token]) -> String? {
        var rest = tokens[...].drop { words.every.contains($0.text) }
        let isAny = rest.allSatisfy { words.posts.contains($0.text) }
        guard !isAny else { return nil }
        while let last = rest.last, words.posts.contains(last.text) { rest = rest.dropLast() }
        return written(rest).lowercased()
    }

    private static let grades = 1...20

    /// Reads "write for grade 8".
    private var grade: GuidelineRule.Kind? {
        let all = tokens(whole)
        for (index, token) in all.enumerated() where words.grade.contains(token.text) {
            for near in [index + 1, index - 1, index + 2, index - 2] where all.indices.contains(near) {
                guard all[near].kind == .number, let grade = Int(all[near].text.prefix { $0.isNumber }),
                    Self.grades.contains(grade)
                else { continue }
                return .maxGrade(grade)
            }
        }
        return nil
    }
}
