import JSON
import TestRandomness
import Testing

/// Fixed seeds: every run tries the same documents.
@Suite struct JSONFuzzTests {
    @Test(arguments: 0..<8) func `any document survives writing and reading`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        for _ in 0..<400 {
            let document = random.document(depth: 0)
            #expect(try JSONParser.parse(document.bytes) == document)
            #expect(try JSONParser.parse(document.canonical.bytes) == document)
        }
    }

    @Test(arguments: 0..<8) func `mutated documents are read or refused, never more`(seed: UInt64) throws {
        var random = SeededGenerator(seed &+ 1000)
        var read = 0
        for _ in 0..<2000 {
            var bytes = random.document(depth: 0).bytes
            for _ in 0...random.below(3) { random.mutate(&bytes) }
            do {
                let document = try JSONParser.parse(bytes)
                let written = document.bytes
                #expect(try JSONParser.parse(written).bytes == written)
                read += 1
            } catch {
                let lines = bytes.count { $0 == 0x0A } + 1
                #expect((1...lines).contains(error.line) && (1...bytes.count + 1).contains(error.column))
            }
        }
        #expect(read > 50)
    }
}

extension SeededGenerator {
    fileprivate mutating func text() -> String {
        let pieces = [
            "a", "\"", "\\", "/", "\n", "\u{0}", "\u{7F}", "é", "€", "😀", "{", "]", " ", "\u{2028}",
            "\u{FFFF}",
        ]
        return (0..<below(6)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    fileprivate mutating func document(depth: Int) -> JSON {
        switch below(depth > 6 ? 6 : 9) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .integer(Int64(bitPattern: next()) >> Int64(below(64)))
        case 3:
            let number = Double(bitPattern: next())
            // Whole numbers below 10¹⁵ come back as integers: JSON has one kind of number.
            return number.isFinite && (number != number.rounded() || abs(number) >= 1e15)
                ? .number(number) : .number(0.25)
        case 4, 5: return .string(text())
        case 6: return .array((0..<below(5)).map { _ in document(depth: depth + 1) })
        default:
            var object = JSONObject()
            for index in 0..<below(5) { object[text() + "\(index)"] = document(depth: depth + 1) }
            return .object(object)
        }
    }

    fileprivate mutating func mutate(_ bytes: inout [UInt8]) {
        let place = below(max(bytes.count, 1))
        let signs = Array("{}[]\",:\\u0019e+-.tfn\n \u{0}é".utf8) + [0x80, 0xFF, 0xED]
        switch below(5) {
        case 0 where !bytes.isEmpty: bytes.remove(at: place)
        case 1: bytes.insert(signs[below(signs.count)], at: min(place, bytes.count))
        case 2 where !bytes.isEmpty: bytes[place] = signs[below(signs.count)]
        case 3: bytes.removeLast(min(bytes.count, below(4)))
        default: bytes.insert(contentsOf: bytes[..<min(place, 40)], at: min(place, bytes.count))
        }
    }
}
