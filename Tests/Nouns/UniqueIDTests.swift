import Cryptography
import Nouns
import Telemetry
import Testing

@Suite struct UniqueIDTests {
    @Test(
        arguments: [
            ("00000000000000000000000000", 0, 0), ("7zzzzzzzzzzzzzzzzzzzzzzzzz", .max, .max),
            ("00000000000000000000000001", 0, 1), ("0000000000000g000000000000", 1, 0),
            ("0000000000000fzzzzzzzzzzzz", 0, .max), ("40000000000000000000000000", 1 << 63, 0),
            ("01aryz6s41tsv4rrffq69g5fav", 0x0156_3DF3_6481_D676, 0x4C61_EFB9_9302_BD5B),
        ] as [(String, UInt64, UInt64)])
    func `an identifier is written and read`(text: String, high: UInt64, low: UInt64) {
        let id = UniqueID(high: high, low: low)
        #expect(id.description == text && UniqueID(text) == id && UniqueID(text[...]) == id)
        var bytes = Array("lead_".utf8)
        id.write(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "lead_" + text)
    }

    @Test func `the time is in it`() {
        #expect(
            UniqueID("01aryz6s41tsv4rrffq69g5fav")?.instant == Instant(microseconds: 1_469_918_176_385_000))
    }

    @Test(arguments: [
        "", "0", "0000000000000000000000000", "000000000000000000000000000", "80000000000000000000000000",
        "z0000000000000000000000000", "0000000000000000000000000i", "0000000000000000000000000l",
        "0000000000000000000000000o", "0000000000000000000000000u", "01ARYZ6S41TSV4RRFFQ69G5FAV",
        "01aryz6s41tsv4rrffq69g5fa ", " 1aryz6s41tsv4rrffq69g5fav", "01aryz6s41-sv4rrffq69g5fav",
        "01aryz6s41tsv4rrffq69g5faé",
        "01aryz6s41tsv4rrffq69g5f\u{0}v", "lead_01aryz6s41tsv4rrffq69g5fav",
    ])
    func `other text is no identifier`(text: String) { #expect(UniqueID(text) == nil) }

    @Test(arguments: [
        "", "lead", "lead_", "lead_01aryz6s41tsv4rrffq69g5fa", "lead_01aryz6s41tsv4rrffq69g5favv",
        "lead-01aryz6s41tsv4rrffq69g5fav", "load_01aryz6s41tsv4rrffq69g5fav",
        "leads_01aryz6s41tsv4rrffq69g5fav",
        "Lead_01aryz6s41tsv4rrffq69g5fav", "lead_01aryz6s41tsv4rrffq69g5fai",
    ])
    func `an identifier of another type, or none, is not read behind a prefix`(text: String) {
        var (text, id) = (text, "lead_01aryz6s41tsv4rrffq69g5fav")
        #expect(text.withUTF8 { UniqueID(utf8: $0, behind: "lead") } == nil)
        #expect(
            id.withUTF8 { UniqueID(utf8: $0, behind: "lead") } == UniqueID("01aryz6s41tsv4rrffq69g5fav"))
    }

    @Test func `they sort by birth, as values and as text, whatever the clock does`() {
        let generator = UniqueIDGenerator()
        let start = Instant("2026-11-20T06:15:29.123Z")!
        var ids: [UniqueID] = []
        for step in [0, 0, 100, 999, 1000, 5000, 4000, -3_600_000_000, 5000, 6000, -1] {
            for _ in 0..<3 { ids.append(generator.next(at: start + .microseconds(step))) }
        }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(ids[0].instant == start && ids.last!.instant == start + .milliseconds(6))
    }

    @Test func `the random part differs from millisecond to millisecond and generator to generator`() {
        let start = Instant(seconds: 1_800_000_000)
        var parts: Set<UInt64> = []
        for _ in 0..<4 {
            let generator = UniqueIDGenerator()
            for step in 0..<500 { parts.insert(generator.next(at: start + .milliseconds(step)).low) }
        }
        #expect(parts.count == 2000)
    }

    @Test func `times outside 48 bits are brought inside`() {
        #expect(UniqueIDGenerator().next(at: Instant(microseconds: .min)).high >> 16 == 0)
        #expect(UniqueIDGenerator().next(at: Instant(microseconds: .max)).high >> 16 == 1 << 48 - 1)
    }

    @Test func `threads never mint the same`() async {
        let generator = UniqueIDGenerator()
        let ids = await withTaskGroup(of: [UniqueID].self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<5000).map { generator.next(at: Instant(seconds: Int64($0 / 100))) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 20_000)
    }
}
