import Jobs
import RuntimeTesting
import Testing
@testable import Transfer

@Suite struct TextDecodingTests {
    private let text = "Company;City\r\nMüller – Söhne;Köln 🚀\r\n"
    private let latinText = "Company;City\r\nMüller – Söhne;Köln\r\n"

    @Test func `one text in seven encodings reads alike`() throws {
        let expected = try ReadFile(text)
        #expect(expected.rows == [["Müller – Söhne", "Köln 🚀"]])
        let variants = [
            [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16(text), utf16(text, bigEndian: true),
            utf16(text, mark: false),
            utf16(text, bigEndian: true, mark: false),
        ]
        for bytes in variants {
            for size in [16, 18, 1 << 18] { #expect(try ReadFile(bytes, pieceSize: size) == expected) }
        }
        #expect(try ReadFile(windows1252(latinText)) == ReadFile(latinText))
    }

    @Test func `foreign bytes in UTF-8 are read as Windows-1252`() throws {
        let bytes =
            Array("Company\nMüller\nM".utf8) + [0xFC] + Array("ller\n".utf8) + [0x93, 0x41, 0x94, 0x0A]
        #expect(try ReadFile(bytes).rows == [["Müller"], ["Müller"], ["“A”"]])
    }

    @Test func `a NUL here and there is dropped`() throws {
        #expect(
            try ReadFile("Company,City\n" + String(repeating: "Acme,Berlin\n", count: 50) + "Ac\0me,Köln\n")
                .rows.last == ["Acme", "Köln"])
    }

    @Test(
        arguments: [
            [], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], Array("\n\r\n \n".utf8), Array(",,,\n,,\n".utf8),
        ] as [[UInt8]])
    func `an empty file is said to be empty`(_ bytes: [UInt8]) {
        #expect { _ = try ReadFile(bytes) } throws: { ($0 as? FileFault)?.code == .empty }
    }

    @Test func `what is no text is refused with the reason`() {
        var random = SeededRandom(seed: 7)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let files: [[UInt8]] = [
            noise, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 5000),
            [0x50, 0x4B, 3, 4] + noise.prefix(500),
            Array("%PDF-1.7".utf8), [0x1F, 0x8B, 8], [0xFF, 0xFE, 0, 0, 65, 0, 0, 0],
            Array("<!DOCTYPE html><html>".utf8), [0xD0, 0xCF, 0x11, 0xE0],
            [UInt8](repeating: 0, count: 1000), [0xFF, 0xFE] + noise.prefix(5000),
        ]
        for bytes in files {
            #expect { _ = try ReadFile(bytes) } throws: { ($0 as? FileFault)?.code == .notText }
        }
        #expect { _ = try ReadFile([0x50, 0x4B, 3, 4, 0]) } throws: {
            ($0 as? FileFault)?.detail.contains("save the sheet as CSV") == true
        }
    }
}
