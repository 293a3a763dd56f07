/// Unpacks what a site has packed by itself, as files of sitemaps are (RFC 1951, RFC 1952), up to a bound. Answers that
/// are packed on their way are the HTTP client's.
package enum Inflate {
    /// `nil` where it is not packed so. What is cut off or broken gives what came before; what is larger than the bound
    /// is `nil`, too: it may be a bomb.
    package static func gzip(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? {
        guard bytes.count > 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else { return nil }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 {
            start += 2 + Int(bytes[start]) + Int(bytes[start + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { return nil }
            start = end + 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start < bytes.count else { return nil }
        var stream = Stream(bytes: bytes, place: start, bytesMax: bytesMax)
        do {
            try stream.run()
        } catch .tooLarge {
            return nil
        } catch {}
        return stream.output
    }

    private enum Fault: Error { case broken, tooLarge }

    /// A canonical Huffman code, decoded by counting (as in M. Adler's puff).
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int]

        init(_ lengths: ArraySlice<Int>) {
            symbols = Array(repeating: 0, count: lengths.count)
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            var offsets = [Int](repeating: 0, count: 16)
            for length in 1..<15 { offsets[length + 1] = offsets[length] + counts[length] }
            for (symbol, length) in lengths.enumerated() where length > 0 {
                symbols[offsets[length]] = symbol
                offsets[length] += 1
            }
        }
    }

    private struct Stream {
        let bytes: [UInt8]
        var place: Int
        let bytesMax: Int
        var output: [UInt8] = []
        private var held = 0, heldCount = 0

        init(bytes: [UInt8], place: Int, bytesMax: Int) {
            (self.bytes, self.place, self.bytesMax) = (bytes, place, bytesMax)
        }

        mutating func run() throws(Fault) {
            var isLast = false
            while !isLast {
                isLast = try bits(1) == 1
                switch try bits(2) {
                case 0: try copy()
                case 1: try decode(Self.fixed.0, Self.fixed.1)
                case 2:
                    let codes = try readCodes()
                    try decode(codes.0, codes.1)
                default: throw .broken
                }
            }
        }

        private mutating func bits(_ count: Int) throws(Fault) -> Int {
            while heldCount < count {
                guard place < bytes.count else { throw .broken }
                held |= Int(bytes[place]) << heldCount
                place += 1
                heldCount += 8
            }
            defer {
                held >>= count
                heldCount -= count
            }
            return held & (1 << count - 1)
        }

        private mutating func symbol(_ code: Code) throws(Fault) -> Int {
            var value = 0, first = 0, index = 0
            for length in 1...15 {
                value |= try bits(1)
                let count = code.counts[length]
                if value - count < first { return code.symbols[index + value - first] }
                index += count
                first = (first + count) << 1
                value <<= 1
            }
            throw .broken
        }

        private mutating func copy() throws(Fault) {
            (held, heldCount) = (0, 0)
            guard place + 4 <= bytes.count else { throw .broken }
            let length = Int(bytes[place]) | Int(bytes[place + 1]) << 8
            place += 4
            let end = min(place + length, bytes.count)
            guard output.count + length <= bytesMax else { throw .tooLarge }
            output += bytes[place..<end]
            guard end == place + length else { throw .broken }
            place = end
        }

        private mutating func readCodes() throws(Fault) -> (Code, Code) {
            let literals = try bits(5) + 257, distances = try bits(5) + 1, count = try bits(4) + 4
            var lengths = [Int](repeating: 0, count: 19)
            for index in 0..<count { lengths[Self.order[index]] = try bits(3) }
            let code = Code(lengths[...])
            var all: [Int] = []
            while all.count < literals + distances {
                let symbol = try symbol(code)
                switch symbol {
                case 0..<16: all.append(symbol)
                case 16:
                    guard let last = all.last else { throw .broken }
                    all += Array(repeating: last, count: try bits(2) + 3)
                case 17: all += Array(repeating: 0, count: try bits(3) + 3)
                default: all += Array(repeating: 0, count: try bits(7) + 11)
                }
            }
            guard all.count == literals + distances else { throw .broken }
            return (Code(all[..<literals]), Code(all[literals...]))
        }

        private mutating func decode(_ literals: Code, _ distances: Code) throws(Fault) {
            while true {
                let symbol = try symbol(literals)
                if symbol < 256 {
                    guard output.count < bytesMax else { throw .tooLarge }
                    output.append(UInt8(symbol))
                    continue
                }
                if symbol == 256 { return }
                guard symbol < 286 else { throw .broken }
                let length = Self.lengths[symbol - 257] + (try bits(Self.lengthBits[symbol - 257]))
                let far = try self.symbol(distances)
                guard far < 30 else { throw .broken }
                let distance = Self.distances[far] + (try bits(Self.distanceBits[far]))
                guard distance <= output.count else { throw .broken }
                guard output.count + length <= bytesMax else { throw .tooLarge }
                let from = output.count - distance
                for index in 0..<length { output.append(output[from + index]) }
            }
        }

        private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        private static let lengths = [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
            163, 195,
            227, 258,
        ]
        private static let lengthBits = [
            0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
        ]
        private static let distances = [
            1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
            3073,
            4097, 6145, 8193, 12289, 16385, 24577,
        ]
        private static let distanceBits = [
            0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
        ]
        private static let fixed: (Code, Code) = {
            let lengths =
                Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112)
                + Array(repeating: 7, count: 24) + Array(repeating: 8, count: 8)
            return (Code(lengths[...]), Code(Array(repeating: 5, count: 30)[...]))
        }()
    }
}
