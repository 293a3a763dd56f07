internal import CHunspell
internal import Caching
internal import Glibc
internal import Synchronization

/// One dictionary of the distribution's, read once.
final class DictionaryFile: Sendable {
    /// Hunspell's handle. It is not safe for several threads: whoever uses it holds the lock.
    private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

    /// Where it lies, whatever names lead there.
    let path: String
    private let handle: Mutex<Handle>
    /// Suggestions that were looked for, which takes Hunspell a while.
    private let suggestions = Cache<String, String?>(capacity: 20_000)

    /// The folders in which distributions keep dictionaries.
    private static let folders = ["/usr/share/hunspell", "/usr/share/myspell/dicts"]
    private static let loaded = Mutex<[String: DictionaryFile?]>([:])

    /// Returns the dictionary of a name (`de_DE`); `nil` where it is not installed.
    static func named(_ name: String) -> DictionaryFile? {
        guard let path = folders.lazy.compactMap({ target(of: "\($0)/\(name)") }).first else { return nil }
        return loaded.withLock { loaded -> DictionaryFile? in
            if let known = loaded[path] { return known }
            let dictionary = DictionaryFile(path)
            loaded[path] = .some(dictionary)
            return dictionary
        }
    }

    /// The names of all that are installed, in their order.
    static let names: [String] = {
        let files = folders.flatMap { (folder) -> [String] in
            guard let handle = opendir(folder) else { return [] }
            defer { closedir(handle) }
            var names: [String] = []
            while let entry = readdir(handle) {
                names.append(
                    withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    })
            }
            return names
        }
        return Set(files.filter { $0.hasSuffix(".dic") }.map { String($0.dropLast(4)) }).sorted()
    }()

    /// Several countries' names may lead to one file.
    private static func target(of path: String) -> String? {
        guard let real = realpath("\(path).dic", nil) else { return nil }
        defer { free(real) }
        return String(String(cString: real).dropLast(4))
    }

    /// Only dictionaries in UTF-8 are read, which those of today are.
    private init?(_ path: String) {
        self.path = path
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

    func has(_ word: String) -> Bool {
        guard word.utf8.count <= Self.lengthMax * 4, word.count <= Self.lengthMax else { return true }
        return handle.withLock { Hunspell_spell($0.pointer, word) != 0 }
    }

    /// Returns the word that was probably meant.
    func suggestion(for word: String) -> String? {
        suggestions.value(of: word) {
            handle.withLock { handle -> String? in
                var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
                let count = Hunspell_suggest(handle.pointer, &list, word)
                defer { if count > 0 { Hunspell_free_list(handle.pointer, &list, count) } }
                guard count > 0, let first = list?[0] else { return nil }
                return String(cString: first)
            }
        }
    }
}
