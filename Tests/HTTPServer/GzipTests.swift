import Testing
import Wire

@Suite struct GzipTests {
    /// `hello` as gzip packs it.
    private static let hello: [UInt8] = [
        0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10,
        0x36,
        0x05, 0, 0, 0,
    ]

    private func fault(_ body: [UInt8], limit: Int = 100) -> Gzip.Fault? {
        do throws(Gzip.Fault) {
            _ = try Gzip.decoded(body, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a body is what was packed, up to the limit`() throws {
        #expect(try Gzip.decoded(Self.hello, limit: 5) == Array("hello".utf8))
        #expect(fault(Self.hello, limit: 4) == .tooLarge)
    }

    @Test func `what is cut, altered or no gzip at all is damaged`() {
        for count in 0..<Self.hello.count {
            #expect(fault(Array(Self.hello.prefix(count))) == .damaged, "\(count) bytes")
        }
        var altered = Self.hello
        altered[18] ^= 1
        #expect(fault(altered) == .damaged)
        #expect(fault(Array("{\"userId\":\"u1\"}".utf8)) == .damaged)
    }
}
