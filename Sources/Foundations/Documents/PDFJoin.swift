internal import CQPDF
internal import Glibc

/// Several files as one.
package enum PDFJoin {
    /// The place, from 0, of a file that has no pages to give, such as one that is damaged or locked by a password;
    /// `nil` where none is to blame.
    package struct Fault: Error, Hashable, Sendable {
        package let file: Int?
    }

    /// Returns the pages of all files, in their order, as one file.
    package static func joined(_ files: [[UInt8]]) throws(Fault) -> [UInt8] {
        // Copies that stay where they are: the library reads a file's pages when it writes them.
        let copies = unsafe files.map { bytes in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
            _ = unsafe copy.initialize(fromContentsOf: bytes)
            return unsafe copy
        }
        defer { unsafe copies.forEach { unsafe $0.deallocate() } }
        let starts = unsafe copies.map { unsafe UnsafePointer($0.baseAddress) }
        let lengths = files.map(\.count)
        var length = 0, failed = 0
        let joined = unsafe bureau_pdf_join(starts, lengths, files.count, &length, &failed)
        guard let joined = unsafe joined else { throw Fault(file: failed < files.count ? failed : nil) }
        defer { unsafe free(joined) }
        return unsafe Array(UnsafeBufferPointer(start: joined, count: length))
    }
}
