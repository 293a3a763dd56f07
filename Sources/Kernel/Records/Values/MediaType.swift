internal import CMagic
internal import Synchronization

/// The kind of bytes that a file holds, told from the bytes themselves: what its sender claims is worth nothing.
package enum MediaType {
    /// libmagic's handle, which may be used by one thread at a time: never touched outside the lock.
    private struct Handle: @unchecked Sendable { let cookie: magic_t? }

    // Its database takes some 10 ms to load: with the first file, not with the start.
    private static let library = Mutex<Handle?>(nil)
    private static let looksAt = 64 * 1024

    /// Returns a type such as `application/pdf`; `application/octet-stream` where nothing is known.
    package static func sniffed(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "application/x-empty" }
        return library.withLock { handle in
            if handle == nil {
                let cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS)
                if let cookie { magic_load(cookie, nil) }
                handle = Handle(cookie: cookie)
            }
            guard let cookie = handle?.cookie,
                let found = bytes.withUnsafeBytes({
                    magic_buffer(cookie, $0.baseAddress, min($0.count, looksAt))
                })
            else { return "application/octet-stream" }
            return String(cString: found)
        }
    }
}
