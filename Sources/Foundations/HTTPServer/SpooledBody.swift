internal import Glibc
internal import Synchronization
internal import Telemetry

/// A body in a file of the spool directory. The file goes with the last reference, unless it was kept.
/// Nothing is flushed to disk until `synchronize()`.
package final class SpooledBody: Sendable {
    package let size: Int64
    /// nil where the server was given no digest.
    package let digest: [UInt8]?
    private let place: Mutex<(path: String, isKept: Bool)>
    private let descriptor: Int32

    init(path: String, descriptor: Int32, size: Int64, digest: [UInt8]?) {
        (self.size, self.digest, self.descriptor) = (size, digest, descriptor)
        place = Mutex((path, false))
    }

    deinit {
        close(descriptor)
        place.withLock { if !$0.isKept { unsafe unlink($0.path) } }
    }

    /// The present path of the file.
    package var path: String { place.withLock { $0.path } }

    /// Moves the file, which then stays. `path` is on the same file system and is replaced.
    package func keep(at path: String) throws(HTTPServerError) {
        let failure: SystemFault? = place.withLock {
            if unsafe rename($0.path, path) != 0 { return SystemFault.last }
            $0 = (path, true)
            return nil
        }
        if let failure { throw .cannotStore(failure) }
    }

    /// Returns when the file and its name are on disk.
    package func synchronize() throws(HTTPServerError) {
        guard fsync(descriptor) == 0 else { throw .cannotStore(.last) }
        let path = self.path
        let folder =
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let opened = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotStore(.last) }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw .cannotStore(.last) }
    }
}

/// Writes a body to its file as it arrives; removes the file unless it is finished.
final class SpoolWriter {
    private let path: String
    private var descriptor: Int32
    private var digest: (any BodyDigest)?
    private var size: Int64 = 0
    private(set) var failure: SystemFault?

    private static let serial = Atomic<UInt64>(0)

    init(directory: String, digest: (any BodyDigest)?) {
        let number = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        path = "\(directory)/upload-\(getpid())-\(number)-\(UInt64.random(in: .min ... .max))"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { failure = .last }
        self.digest = digest
    }

    deinit { discard() }

    func write(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        unsafe digest?.update(bytes)
        var rest = unsafe bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let written = unsafe Glibc.write(descriptor, base, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                failure = .last
                return discard()
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        size += Int64(bytes.count)
    }

    /// nil where a write has failed.
    func finish() -> SpooledBody? {
        guard failure == nil else { return nil }
        let body = SpooledBody(path: path, descriptor: descriptor, size: size, digest: digest?.finalize())
        descriptor = -1
        return body
    }

    private func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(path)
        descriptor = -1
    }
}
