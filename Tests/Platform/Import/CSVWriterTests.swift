import JSON
import Jobs
import Records
import RuntimeTesting
import Testing
@testable import Transfer

@Suite struct CSVWriterTests {
    @Test func `cells that a spreadsheet would run are disarmed`() {
        var writer = CSVWriter()
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", "plain", "it's", "a,b", "say \"x\"",
            "", "l\nm", " x",
        ] { writer.text(text) }
        writer.integer(-5)
        writer.money(-5, .dollar)
        writer.empty()
        writer.endRow()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,\"'\r=1\",''=1,'＝1,plain,it's,\"a,b\",\"say \"\"x\"\"\",,\"l\nm\",\" x\",-5,-0.05 USD,\r\n"
        )
    }

    @Test func `every text comes back through the guard, and every list through its cell`() {
        var random = SeededRandom(seed: 3)
        let pieces = ["'", "=", "-", "@", "\t", "\r", "a", "＝", "\\", ";", ",", " ", "\n", "1", "é"]
        for _ in 0..<3000 {
            let text = (0..<random.below(6)).map { _ in random.pick(pieces) }.joined()
            var writer = CSVWriter()
            writer.text(text)
            let cell = CSVRow.parse(writer.bytes)
            #expect(FormulaGuard.unprotected(cell) == text)
            let items = (0..<random.below(4)).map { _ in
                (0..<(1 + random.below(4))).map { _ in random.pick(pieces) }.joined()
            }
            for kind in [CSVList.tags, .sentences] {
                #expect(kind.split(kind.join(items)) == items, "\(items)")
            }
        }
        #expect(
            CSVList.tags.join(["t1", "t2"]) == "t1; t2"
                && CSVList.sentences.join(["slow, dear"]) == "slow, dear")
        #expect(CSVList.tags.split("newsletter,event; vip ;; ") == ["newsletter", "event", "vip"])
    }
}

extension CSVRow {
    /// The one cell that these bytes are.
    fileprivate static func parse(_ bytes: [UInt8]) -> String {
        guard bytes.first == UInt8(ascii: "\"") else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self).replacing("\"\"", with: "\"")
    }
}
