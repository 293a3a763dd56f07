internal import Glibc
internal import Telemetry

/// The reason why the key file cannot be used; the text says what to do.
package struct KeyFileError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension MasterKey {
    /// Reads the key file at `path`, or makes one: base 64 and a line end, readable by its owner
    /// only, on the disk before this returns. Of several processes that start at once all get the
    /// same key.
    package static func atFile(_ path: String) throws(KeyFileError) -> MasterKey {
        if let key = try read(path) { return key }
        try make(path)
        guard let key = try read(path) else { throw fault(path, "vanished while it was being made") }
        return key
    }

    private static func read(_ path: String) throws(KeyFileError) -> MasterKey? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw fault(path, "cannot be read (\(reason()))") }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault(path, "is not a file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw fault(path, "can be read by others than its owner: chmod 600 it, and consider a new key")
        }
        var text = [UInt8](repeating: 0, count: 256)
        let count = unsafe Glibc.read(file, &text, text.count)
        guard count >= 0 else { throw fault(path, "cannot be read (\(reason()))") }
        let line = text[..<count].prefix { $0 > 0x20 }
        do {
            return try MasterKey(base64: String(decoding: line, as: UTF8.self))
        } catch {
            throw fault(path, "does not hold the base 64 of 32 bytes; restore it from a backup")
        }
    }

    /// The file gets its name only when it is whole; of two makers the first one's stays.
    private static func make(_ path: String) throws(KeyFileError) {
        let draft = path + "." + RandomToken.make(characters: 12)
        let file = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault(path, "cannot be made (\(reason()))") }
        defer { unsafe unlink(draft) }
        let text = Array((Base64.encode(SystemRandom.bytes(32)) + "\n").utf8)
        let isWritten = unsafe write(file, text, text.count) == text.count && fsync(file) == 0
        let cause = reason()
        close(file)
        guard isWritten else { throw fault(path, "cannot be written (\(cause))") }
        guard unsafe link(draft, path) == 0 || errno == EEXIST else {
            throw fault(path, "cannot be made (\(reason()))")
        }
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let folder = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw fault(path, "has a folder that cannot be opened (\(reason()))") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw fault(path, "cannot be made durable (\(reason()))") }
    }

    private static func fault(_ path: String, _ what: String) -> KeyFileError {
        KeyFileError(description: "the key file \(path) \(what)")
    }

    private static func reason() -> String { SystemFault.last.description }
}
