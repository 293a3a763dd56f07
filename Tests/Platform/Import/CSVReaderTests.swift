import JSON
import Jobs
import RuntimeTesting
import Testing
@testable import Transfer

@Suite struct CSVReaderTests {
    @Test(
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]), ("a,b\r\n1,2", [["1", "2"]]),
            ("a,b\r1,2\r3,4", [["1", "2"], ["3", "4"]]), ("a;b\n1,5;2\n", [["1,5", "2"]]),
            ("a\tb\n1\t2\n", [["1", "2"]]), ("a|b\n1|2\n", [["1", "2"]]),
            ("sep=;\r\na;b\r\n1;2\r\n", [["1", "2"]]), ("\"sep=|\"\na|b\n1|2", [["1", "2"]]),
            ("a,b\n\n \n,\n1,2\n\n", [["1", "2"]]), ("a,b\n\"x\ny\",\"q\"\"q\"\n", [["x\ny", "q\"q"]]),
            ("a,b\n\"x\r\n,y\",2", [["x\r\n,y", "2"]]),
            ("a,b\n1,\n", [["1", ""]]), ("a,b\n1,\"\"", [["1", ""]]),
            ("a,b\n5\" pipe,2\n", [["5\" pipe", "2"]]),
            ("a,b\n\"said \"maybe\" later\",2\n", [["said \"maybe\" later", "2"]]),
            ("a,b\n\"abc\"def,\"ghi\"\n", [["abcdef", "ghi"]]), ("a,b\n \"x, y\" , 2\n", [["x, y", " 2"]]),
            ("a,b\n\"x\",2,3\n1\n", [["x", "2", "3"], ["1"]]),
            ("a,b\n\"\"\"x\"\"\",\"\"\"\"\n", [["\"x\"", "\""]]), ("a,b\n\"x\" ,\"y\"", [["x", "y"]]),
            ("only\nx\ny", [["x"], ["y"]]),
            ("\"a;1\",\"b\"\n\"1;2;3\",x\n", [["1;2;3", "x"]]), ("a,b\n\"x\"\r1,2", [["x"], ["1", "2"]]),
        ] as [(String, [[String]])])
    func `files are read as programs write them`(_ text: String, _ rows: [[String]]) throws {
        for size in [16, 1 << 18] {
            let file = try ReadFile(text, pieceSize: size)
            #expect(file.rows == rows && file.faults.isEmpty)
        }
    }

    @Test func `a quotation mark that never closes spoils its own line only`() throws {
        let file = try ReadFile("a,b\n1,2\n\"open,3\n4,5\n6,7\n")
        #expect(file.rows == [["1", "2"], ["4", "5"], ["6", "7"]] && file.faults == [.unterminatedQuote])
        var reader = try CSVReader(.bytes(Array("a,b\n1,2\n\"open,3\n4,5\n".utf8)))
        var row = CSVRow()
        _ = try reader.next(into: &row)
        #expect(
            try reader.next(into: &row)
                == .fault(
                    .unterminatedQuote,
                    detail:
                        "The row has a quotation mark that is opened and never closed: close or double it."))
        #expect(row.number == 2 && row.texts == ["\"open,3"])
    }

    @Test func `a quotation mark that opens in the header is refused`() {
        #expect { _ = try ReadFile("\"never closed" + String(repeating: "x", count: 100)) } throws: {
            ($0 as? FileFault)?.code == .malformedHeader
        }
    }

    @Test func `a row over the limit is a fault, and reading goes on`() throws {
        let long = String(repeating: "x", count: CSVReader.rowSizeMax + 10)
        let file = try ReadFile("a,b\n1,\(long)\n3,4\n", pieceSize: 1 << 16)
        #expect(file.rows == [["3", "4"]] && file.faults == [.rowTooLong])
    }

    @Test func `a million characters in a cell are read`() throws {
        let long = String(repeating: "x", count: 1_000_000)
        #expect(try ReadFile("a,b\n\(long),2\n").rows.first?.first?.utf8.count == 1_000_000)
    }

    @Test func `three million letters are no header`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 3_000_000)
        #expect { _ = try ReadFile(bytes) } throws: { ($0 as? FileFault)?.code == .malformedHeader }
        #expect { _ = try ReadFile(String(repeating: "a,", count: 2000) + "\n") } throws: {
            ($0 as? FileFault)?.code == .malformedHeader
        }
    }

    @Test func `rows count from 1, and the offset rises to the end of the file`() throws {
        let text = "a,b\n\n1,2\n\n3,4"
        var reader = try CSVReader(.bytes(Array(text.utf8)))
        var row = CSVRow()
        _ = try reader.next(into: &row)
        #expect(row.number == 1)
        _ = try reader.next(into: &row)
        #expect(row.number == 2 && reader.offset == text.utf8.count)
    }

    @Test func `reading goes on at any checkpoint, in every encoding`() throws {
        let text = "sep=;\na;b\n\"ü\n1\";2\n\n€;🚀\n\"open;5\r\nö;7\r\nlast;8"
        let latin = text.replacing("🚀", with: "x")
        for bytes in [
            Array(text.utf8), utf16(text), utf16(text, bigEndian: true, mark: false), windows1252(latin),
            [0xEF, 0xBB, 0xBF] + Array(text.utf8),
        ] {
            let whole = try items(CSVReader(.bytes(bytes)))
            #expect(whole.count == 5)
            var reader = try CSVReader(.bytes(bytes))
            var row = CSVRow()
            for done in 0...whole.count {
                let checkpoint = try #require(ImportCheckpoint(reader.checkpoint.json))
                #expect(checkpoint.row == done)
                let rest = try CSVReader(.bytes(bytes), from: checkpoint, pieceSize: 16)
                #expect(rest.header == ["a", "b"])
                #expect(try items(rest) == Array(whole[done...]))
                _ = try reader.next(into: &row)
            }
        }
    }

    @Test func `files made by the writer come back, in pieces of any size`() throws {
        var random = SeededRandom(seed: 1)
        let pieces = ["a", "\"", ",", ";", "\n", "\r\n", " ", "é", "🚀", "'", "=", "\t", "|", "x", "\\", "1"]
        for _ in 0..<300 {
            let columns = 2 + random.below(4)
            let rows = (0..<(1 + random.below(6))).map { _ in
                ["not blank"]
                    + (1..<columns).map { _ in (0..<random.below(6)).map { _ in random.pick(pieces) }.joined()
                    }
            }
            var writer = CSVWriter()
            for column in 0..<columns { writer.text("column \(column)") }
            writer.endRow()
            for row in rows {
                for cell in row { writer.text(cell) }
                writer.endRow()
            }
            for size in [16, 20, 64, 1 << 18] {
                let file = try ReadFile(writer.bytes, pieceSize: size)
                #expect(file.rows.map { $0.map(FormulaGuard.unprotected) } == rows)
            }
        }
    }

    @Test func `no bytes break the reader, and pieces make no difference`() throws {
        var random = SeededRandom(seed: 99)
        let pieces: [[UInt8]] =
            ["\"", "\"\"", ",", "\n", "\r", "\r\n", "a", " ", ";", "\"a\"", "\t"].map { Array($0.utf8) } + [
                [0xC3], [0xA9], [0xFF], [0xF0, 0x9F], [0],
            ]
        for _ in 0..<3000 {
            var bytes = Array("a,b\n".utf8)
            for _ in 0..<random.below(40) { bytes += random.pick(pieces) }
            let whole = Result { try ReadFile(bytes) }
            let parts = Result { try ReadFile(bytes, pieceSize: 16) }
            switch (whole, parts) {
            case (.success(let a), .success(let b)): #expect(a == b)
            case (.failure(let a), .failure(let b)): #expect(a as? FileFault == b as? FileFault)
            default: Issue.record("read differently in pieces: \(bytes)")
            }
        }
        for _ in 0..<500 {
            let noise = (0..<random.below(400)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = try? ReadFile(noise)
            _ = try? ReadFile([0xFF, 0xFE] + noise, pieceSize: 16)
            _ = try? ReadFile([0xFE, 0xFF] + noise, pieceSize: 18)
        }
    }

    @Test func `a line of nothing but marks takes linear time`() throws {
        let marks =
            "a,b\n\"" + String(repeating: "\"a", count: 400_000) + "\",2\n" + "\""
            + String(repeating: "x\"y", count: 300_000) + "\n1,2\n"
        let file = try ReadFile(marks, pieceSize: 1 << 14)
        #expect(file.rows.last == ["1", "2"])
    }

    private func items(_ reader: CSVReader) throws -> [[String]] {
        var reader = reader
        var row = CSVRow()
        var found: [[String]] = []
        while let item = try reader.next(into: &row) {
            found.append([item == .row ? "row" : "fault", "\(row.number)"] + row.texts)
        }
        return found
    }
}

@Suite struct JSONLinesReaderTests {
    private func read(_ bytes: [UInt8], pieceSize: Int = 1 << 18) throws -> [JSONLinesReader.Line] {
        var reader = try JSONLinesReader(.bytes(bytes), pieceSize: pieceSize)
        var lines: [JSONLinesReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test func `a bad line is a fault of its own`() throws {
        let text = "{\"company\":\"A\"}\r\n{broken\n\n[1]\n{\"company\":\"ü\"}\n{\"a\":1,\"a\":2}"
        for bytes in [Array(text.utf8), utf16(text), [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
            for size in [16, 1 << 18] {
                let lines = try read(bytes, pieceSize: size)
                #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
                #expect(
                    lines[0].content == .object(["company": "A"])
                        && lines[3].content == .object(["company": "ü"]))
                guard case .fault(.malformedJSON, _) = lines[1].content,
                    case .fault(.wrongType, _) = lines[2].content,
                    case .fault(.malformedJSON, _) = lines[4].content
                else {
                    Issue.record("\(lines)")
                    return
                }
                #expect(lines[1].excerpt == "{broken")
            }
        }
    }

    @Test func `reading goes on at any checkpoint`() throws {
        let bytes = Array("{\"a\":1}\n\n{\"a\":2}\r\n{\n{\"a\":3}".utf8)
        let whole = try read(bytes)
        var reader = try JSONLinesReader(.bytes(bytes))
        for done in 0...whole.count {
            var rest = try JSONLinesReader(.bytes(bytes), from: reader.checkpoint, pieceSize: 16)
            var lines: [JSONLinesReader.Line] = []
            while let line = try rest.next() { lines.append(line) }
            #expect(lines == Array(whole[done...]))
            _ = try reader.next()
        }
    }

    @Test func `an array, nothing, and endless lines are told apart`() throws {
        #expect { _ = try read(Array("[{\"a\":1}]".utf8)) } throws: {
            ($0 as? FileFault)?.code == .notJSONLines
        }
        #expect { _ = try read(Array("\n \n".utf8)) } throws: { ($0 as? FileFault)?.code == .empty }
        let long = "{\"a\":\"" + String(repeating: "x", count: JSONLinesReader.lineSizeMax) + "\"}\n{\"a\":1}"
        let lines = try read(Array(long.utf8), pieceSize: 1 << 16)
        #expect(lines.count == 2 && lines[1].content == .object(["a": 1]))
        guard case .fault(.rowTooLong, _) = lines[0].content else {
            Issue.record("the long line was read")
            return
        }
    }
}
