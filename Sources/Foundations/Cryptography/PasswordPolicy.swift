internal import Lexicons

/// A reason why a password is unfit, in words for the person who chose it.
package enum PasswordFault: Error, Equatable, Sendable {
    case tooShort
    case tooLong
    /// Common words, rows of keys, sequences, repetition.
    case guessable
    /// Little more than the person's or the agency's own name or address.
    case personal

    package var reason: String {
        switch self {
        case .tooShort: "must have at least \(PasswordPolicy.lengthMin) characters"
        case .tooLong: "must have at most \(PasswordPolicy.sizeMax) bytes"
        case .guessable:
            "is easily guessed: it is made of common words, keys in a row or repetition. "
                + "Three or four unrelated words do better."
        case .personal:
            "is easily guessed by those who know you: it is mostly your own name, address or agency. "
                + "Three or four unrelated words do better."
        }
    }
}

/// The rule by which passwords are refused. Length first; then the password is cut into what a guesser knows (a common
/// word in any case and in 1337 spelling, keys in a row, a sequence, a year, a repetition, the person's own words) and
/// single characters, so that there are as few pieces as possible: fewer than `piecesMin` are too few, however long it
/// is.
package enum PasswordPolicy {
    /// The least length of a password, in characters.
    package static let lengthMin = 12
    /// The greatest size of a password, in bytes of UTF-8.
    package static let sizeMax = PasswordHasher.passwordSizeMax
    package static let piecesMin = 6

    /// `personal`: the person's e-mail address and name, the agency's name.
    package static func fault(in password: String, personal: [String] = []) -> PasswordFault? {
        guard password.utf8.count <= sizeMax else { return .tooLong }
        guard password.count >= lengthMin else { return .tooShort }
        let text = PasswordPieces(password)
        if text.count(with: commonWords) < piecesMin { return .guessable }
        let own = personal.flatMap(words(of:))
        return !own.isEmpty && text.count(with: commonWords + own) < piecesMin ? .personal : nil
    }

    /// The whole text and its parts of three characters and more, the top-level domain left out.
    private static func words(of text: String) -> [[Unicode.Scalar]] {
        let text = text.lowercased()
        let stem = text.contains("@") ? text[..<(text.lastIndex(of: ".") ?? text.endIndex)] : text[...]
        let parts = stem.split { !$0.isLetter && !$0.isNumber }
        let joined = parts.joined()
        return ([text, joined] + parts.map(String.init)).map { Array($0.unicodeScalars) }.filter {
            $0.count >= 3
        }
    }
}

/// A password as a guesser looks at it.
private struct PasswordPieces {
    /// Lower case.
    private let text: [Unicode.Scalar]

    /// The beginning is enough: it is what the pieces are counted in.
    init(_ password: String) { text = Array(password.lowercased().unicodeScalars.prefix(128)) }

    /// The fewest pieces that make up the text.
    func count(with words: [[Unicode.Scalar]]) -> Int {
        var fewest = [Int](repeating: .max, count: text.count + 1)
        fewest[0] = 0
        for start in text.indices {
            func reach(_ end: Int) { fewest[end] = min(fewest[end], fewest[start] + 1) }
            reach(start + 1)
            // Every part of a run is a run: a piece may end anywhere in it.
            for end in start..<endOfRun(from: start) { reach(end + 1) }
            for word in words where isWord(word, at: start) { reach(start + word.count) }
            for end in ends(ofRepetitionFrom: start) { reach(end) }
            if isYear(at: start) { reach(start + 4) }
        }
        return fewest[text.count]
    }

    /// Equal characters, a sequence of letters or digits up or down, or neighbouring keys: the
    /// longest of them. The zero follows the nine here, as on the keyboard.
    private func endOfRun(from start: Int) -> Int {
        var longest = start
        for isNext in [Self.areEqual, Self.areUpwards, Self.areDownwards, Self.areNeighbours] {
            var end = start + 1
            while end < text.count, isNext(text[end - 1], text[end]) { end += 1 }
            if end - start >= 3 { longest = max(longest, end) }
        }
        return longest
    }

    private static func areEqual(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool { a == b }

    private static func areUpwards(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
        (isPlain(a) && isPlain(b) && a.value + 1 == b.value) || (a == "9" && b == "0")
            || (a == "z" && b == "a")
    }

    private static func areDownwards(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool { areUpwards(b, a) }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    private static func areNeighbours(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
        guard let first = keys[a], let second = keys[b] else { return false }
        return first.contains { one in
            second.contains { other in
                one.keyboard == other.keyboard && abs(one.row - other.row) <= 1
                    && abs(one.column - other.column) <= 1
            }
        }
    }

    private func isWord(_ word: [Unicode.Scalar], at start: Int) -> Bool {
        guard start + word.count <= text.count else { return false }
        for (offset, letter) in word.enumerated() {
            let typed = text[start + offset]
            guard typed == letter || stands(typed, for: letter) else { return false }
        }
        return true
    }

    private func stands(_ typed: Unicode.Scalar, for letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a": typed == "4" || typed == "@"
        case "b": typed == "8"
        case "e": typed == "3" || typed == "€"
        case "g": typed == "9" || typed == "6"
        case "i": typed == "1" || typed == "!" || typed == "|"
        case "l": typed == "1" || typed == "|" || typed == "!"
        case "o": typed == "0"
        case "s": typed == "5" || typed == "$"
        case "t": typed == "7" || typed == "+"
        case "z": typed == "2"
        default: false
        }
    }

    /// Where what stands right before `start` ends being repeated: up to sixteen characters, whole
    /// and any number of times.
    private func ends(ofRepetitionFrom start: Int) -> [Int] {
        var ends: [Int] = []
        for period in 1...16 where period <= start {
            var end = start
            while end < text.count, text[end] == text[end - period] { end += 1 }
            let last = end - (end == text.count ? 0 : (end - start) % period)
            if last - start >= min(period, 3), last > start { ends.append(last) }
        }
        return ends
    }

    private func isYear(at start: Int) -> Bool {
        guard start + 4 <= text.count else { return false }
        let year = text[start..<start + 4]
        return (year.starts(with: "19".unicodeScalars) || year.starts(with: "20".unicodeScalars))
            && year.allSatisfy { ("0"..."9").contains($0) }
    }

    private struct Key {
        let keyboard: Int, row: Int, column: Int
    }

    private static let keys: [Unicode.Scalar: [Key]] = {
        let keyboards = [
            ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"], ["!@#$%^&*()_+"],
            ["1234567890ß", "qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-"],
            ["", "azertyuiop^$", "qsdfghjklmù*", "wxcvbn,;:!"], ["789", "456", "123", "0"],
        ]
        var keys: [Unicode.Scalar: [Key]] = [:]
        for (keyboard, rows) in keyboards.enumerated() {
            for (row, characters) in rows.enumerated() {
                for (column, key) in characters.unicodeScalars.enumerated() {
                    keys[key, default: []].append(Key(keyboard: keyboard, row: row, column: column))
                }
            }
        }
        return keys
    }()
}

/// Base words that people choose, in every language.
private let commonWords: [[Unicode.Scalar]] =
    Lexicon("passwords", in: ResourceTable.texts).words("words").map { Array($0.unicodeScalars) }
