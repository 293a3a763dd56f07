import Nouns

/// Values as libpq takes them: numbers and bytes in binary, texts as they are.
@safe struct PostgreSQLParameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        offsets.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let value):
                unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
            case .real(let value):
                unsafe withUnsafeBytes(of: value.bitPattern.bigEndian) { unsafe bytes.append(contentsOf: $0) }
            case .text(let value): append(text: value)
            case .id(let value): unsafe value.withUTF8 { unsafe bytes.append(contentsOf: $0) }
            case .blob(let value): bytes.append(contentsOf: value)
            }
            offsets.append(value == .null ? -1 : start)
            lengths.append(Int32(bytes.count - start))
            formats.append(value.isText ? 0 : 1)
            // Texts end with a null byte, and no value is at the very end, beyond the buffer.
            bytes.append(0)
        }
    }

    /// The server's texts hold no U+0000: the character that stands for what cannot be shown takes its place.
    private mutating func append(text: String) {
        guard text.utf8.contains(0) else { return bytes.append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            if byte == 0 { bytes.append(contentsOf: "\u{FFFD}".utf8) } else { bytes.append(byte) }
        }
    }

    func withPointers<T>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> T
    ) -> T {
        unsafe bytes.withUnsafeBytes { buffer in
            let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = unsafe offsets.map { offset in
                unsafe offset < 0 ? nil : base.map { unsafe UnsafePointer($0) + offset }
            }
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe formats.withUnsafeBufferPointer { formats in
                        unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
