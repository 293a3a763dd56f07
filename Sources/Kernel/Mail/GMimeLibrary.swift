internal import CGMime
internal import Glibc

/// The library's own state: set up once, by whoever comes first, and only read afterwards.
@safe struct GMimeLibrary: @unchecked Sendable {
    // Unchecked: both are made before anybody sees them, and never changed.
    let reading: OpaquePointer, writing: OpaquePointer

    static let shared = GMimeLibrary()

    private init() {
        bureau_mime_begin()
        unsafe reading = bureau_mime_reading()
        unsafe writing = bureau_mime_writing()
    }
}

/// One reference to an object of the library, given back at the end.
@safe struct MIMEObject: ~Copyable {
    let pointer: UnsafeMutablePointer<GMimeObject>

    /// Takes over the reference; `nil` for none.
    init?(_ pointer: UnsafeMutablePointer<GMimeObject>?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
    }

    deinit { unsafe g_object_unref(pointer) }
}

/// The bytes of an array, which is given back.
func takeBytes(_ array: UnsafeMutablePointer<GByteArray>?) -> [UInt8] {
    guard let array = unsafe array else { return [] }
    defer { unsafe g_byte_array_unref(array) }
    return unsafe Array(UnsafeBufferPointer(start: array.pointee.data, count: Int(array.pointee.len)))
}

extension String {
    /// Copies a text that C hands out, which stays C's; bytes that are no UTF-8 become replacement characters.
    init?(borrowing text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return nil }
        unsafe self.init(cString: text)
    }
}

/// A header's value as it stands in the mail.
func rawValue(_ header: UnsafeMutablePointer<GMimeHeader>?) -> [UInt8] {
    guard let raw = unsafe g_mime_header_get_raw_value(header) else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: raw, count: strlen(raw)))
}
