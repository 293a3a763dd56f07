internal import Glibc

/// A file as it was at one moment; what is written anew has another stamp.
struct FileStamp: Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init(_ info: stat) {
        (size, seconds, nanoseconds) = (info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec)
    }
}

/// The scripts, styles, pictures and words in a folder of static files: all but its pages. What is hidden and what
/// links lead to is left out.
package struct StaticTree: Sendable {
    /// A digest of the files' paths and contents: one for the same files, wherever they lie.
    package let version: String
    /// By the path within the folder, such as `app/main.js`.
    let stamps: [String: FileStamp]

    /// `found` is what `stamps(in:)` gave. A file that has changed since is left out.
    init(of found: [String: FileStamp], in root: String) {
        var (hash, kept) = (FNV(), found)
        for (path, stamp) in found.sorted(by: { $0.key < $1.key }) {
            guard let bytes = readFile(root + "/" + path, stamp.size) else {
                kept[path] = nil
                continue
            }
            // The length says where the next path begins.
            hash.add(Array("\(path) \(bytes.count) ".utf8))
            hash.add(bytes)
        }
        (version, stamps) = (hash.text, kept)
    }

    /// Returns whether a text has the form of a version, of this tree or another one.
    package static func isVersion(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count) && text.allSatisfy(\.isHexDigit)
    }

    /// Returns whether the file is there; a path within the folder, such as `app/main.js`.
    package func contains(_ path: String) -> Bool { stamps[path] != nil }

    /// The names of the folders right below the root that have scripts, sorted.
    package var scriptFolders: [String] {
        let scripts = stamps.keys.filter { $0.hasSuffix(".js") && $0.contains("/") }
        return Set(scripts.map { String($0.prefix { $0 != "/" }) }).sorted()
    }

    static func stamps(in root: String) -> [String: FileStamp] {
        var (found, folders) = ([String: FileStamp](), [""])
        while let folder = folders.popLast() {
            for name in names(in: root + "/" + folder) where !name.hasPrefix(".") {
                let path = folder + name
                var info = stat()
                guard unsafe lstat(root + "/" + path, &info) == 0 else { continue }
                switch info.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path + "/")
                case S_IFREG where !name.hasSuffix(".html") && info.st_size <= StaticFiles.fileBytesMax:
                    found[path] = FileStamp(info)
                default: break
                }
            }
        }
        return found
    }

    private static func names(in folder: String) -> [String] {
        guard let handle = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            names.append(name)
        }
        return names
    }
}

/// FNV-1a, 64 bits: enough to tell one version from the next.
struct FNV {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    var text: String { String(hash, radix: 16) }
}

/// nil where it cannot be read, or is no longer `size` bytes long.
func readFile(_ path: String, _ size: Int) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < size {
            let got = unsafe read(file, buffer.baseAddress! + count, size - count)
            if got < 0, errno == EINTR { continue }
            if got <= 0 { break }
            count += got
        }
    }
    return bytes.count == size ? bytes : nil
}
