internal import CHunspell
internal import Glibc
internal import Lexicons
internal import Synchronization

/// The words of a language, as the distribution's dictionaries for Hunspell have them. One is read when it is first
/// asked for, and kept.
package final class SpellingDictionary: Sendable {
    /// Hunspell's handle. It is not safe for several threads: whoever uses it holds the lock.
    private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

    private let handle: Mutex<Handle>
    /// Suggestions that were looked for, which takes Hunspell a while.
    private let known = Mutex<[String: String?]>([:])

    /// The folders in which distributions keep dictionaries.
    private static let folders = ["/usr/share/hunspell", "/usr/share/myspell/dicts"]
    private static let lexicon = Lexicon("spelling", in: ResourceTable.texts)
    private static let loaded = Mutex<[String: SpellingDictionary?]>([:])
    /// Beyond so many suggestions the oldest knowledge is not worth its memory.
    private static let knownMax = 20_000

    /// Returns the dictionary of a language (`de`, `de-CH`); `nil` where none is installed.
    package static func of(_ locale: String) -> SpellingDictionary? {
        let parts = locale.split { $0 == "-" || $0 == "_" }
        guard let language = parts.first?.lowercased(), language.count == 2,
            language.utf8.allSatisfy({ (0x61...0x7A).contains($0) })
        else { return nil }
        let country = parts.count > 1 && parts[1].count == 2 ? "\(language)_\(parts[1].uppercased())" : nil
        let names = [country].compactMap(\.self) + lexicon.words("dictionaries", in: language) + [language]
        for name in names {
            let found = loaded.withLock { loaded -> SpellingDictionary? in
                if let known = loaded[name] { return known }
                let dictionary = folders.lazy.compactMap { SpellingDictionary("\($0)/\(name)") }.first
                loaded[name] = .some(dictionary)
                return dictionary
            }
            if let found { return found }
        }
        return nil
    }

    /// The words after which one with a capital is a noun, in small letters; none where nouns have no capitals.
    package static func wordsBeforeNouns(in language: String) -> Set<String> {
        Set(lexicon.words("before_nouns", in: language))
    }

    /// Only dictionaries in UTF-8 are read, which those of today are.
    private init?(_ path: String) {
        guard access("\(path).aff", R_OK) == 0, access("\(path).dic", R_OK) == 0,
            let pointer = Hunspell_create("\(path).aff", "\(path).dic")
        else { return nil }
        guard let encoding = Hunspell_get_dic_encoding(pointer), strcasecmp(encoding, "UTF-8") == 0 else {
            Hunspell_destroy(pointer)
            return nil
        }
        handle = Mutex(Handle(pointer: pointer))
    }

    deinit { handle.withLock { Hunspell_destroy($0.pointer) } }

    /// The longest word that is looked up: what is longer is none.
    private static let lengthMax = 60

    package func has(_ word: String) -> Bool {
        guard word.utf8.count <= Self.lengthMax * 4, word.count <= Self.lengthMax else { return true }
        return handle.withLock { Hunspell_spell($0.pointer, word) != 0 }
    }

    /// Returns the word that was probably meant.
    package func suggestion(for word: String) -> String? {
        if let found = known.withLock({ $0[word] }) { return found }
        let best = handle.withLock { handle -> String? in
            var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
            let count = Hunspell_suggest(handle.pointer, &list, word)
            defer { if count > 0 { Hunspell_free_list(handle.pointer, &list, count) } }
            guard count > 0, let first = list?[0] else { return nil }
            return String(cString: first)
        }
        known.withLock { known in
            if known.count >= Self.knownMax { known.removeAll() }
            known[word] = .some(best)
        }
        return best
    }
}
