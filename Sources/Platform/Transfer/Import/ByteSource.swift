internal import Glibc
package import Telemetry

/// The source of an import's bytes: anything that can be read at an offset, again and again, so that an import can go
/// on where it was interrupted.
package struct ByteSource {
    /// Up to `count` bytes from `offset` on; fewer only at the end.
    let read: (_ offset: Int64, _ count: Int) throws -> [UInt8]

    package init(_ read: @escaping (_ offset: Int64, _ count: Int) throws -> [UInt8]) { self.read = read }

    package static func bytes(_ bytes: [UInt8]) -> ByteSource {
        ByteSource { offset, count in
            let start = min(Int(offset), bytes.count)
            return Array(bytes[start..<min(start + count, bytes.count)])
        }
    }

    /// A file that the caller keeps open; it must not change meanwhile.
    package static func file(_ descriptor: Int32) -> ByteSource {
        ByteSource { offset, count in
            var failure: SystemFault?
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let read = pread(
                        descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
                    if read < 0, errno == EINTR { continue }
                    if read < 0 { failure = .last }
                    guard read > 0 else { break }
                    filled += read
                }
            }
            if let failure { throw ByteSourceError.unreadable(failure) }
            return bytes
        }
    }
}

/// The reason why the bytes cannot be read.
package enum ByteSourceError: Error, Equatable, Sendable {
    case unreadable(SystemFault)
}

extension ByteSourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let fault): "the file cannot be read: \(fault)"
        }
    }
}
