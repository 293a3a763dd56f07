/// FNV-1a over bytes: meets mistakes and damage, not attackers.
struct Fingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

    mutating func add(number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            add(byte: UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// The length first: two texts in a row are not the same as one.
    mutating func add(bytes: some Collection<UInt8>) {
        add(number: UInt64(bytes.count))
        for byte in bytes { add(byte: byte) }
    }
}
