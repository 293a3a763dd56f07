import Foundation
import JSON
import Social
import TestRandomness
import Testing

/// Lengths on X, beside what its own rules make of the same texts: `twitter-text` as a library of PyPI has it.
@Suite struct Weighing {
    private static let words = [
        "Hello", "we", "report", "by", "the", "hour.", "größer", "façade", "漢字", "日本語です。", "가나다", "привет",
        "שלום", "مرحبا", "e\u{301}te\u{301}", "か\u{3099}", "\u{1112}\u{1161}\u{11AB}", "ﬁ", "Ａ", "—",
        "“quoted”", "…",
        "\n\n", "\r\n", "#tag", "@user", "50%", "€20", "\u{A0}", "\u{200B}", "नमस्ते", "ไทย", "x\u{301}", "①",
        "½", "•",
        "𝒜", "𠮷", "Node.js", "v1.2.3", "3.14", "z.B.", "U.S.A.", "e.g.this", "info@acme.com", "file.txt",
    ]
    private static let links = [
        "https://acme.example.com/", "http://acme.de/a_b?x=1&y=2#z", "www.acme.com", "acme.com",
        "acme.co.uk/path",
        "https://t.co/AbC123xyz", "https://en.wikipedia.org/wiki/Foo_(bar)", "http://münchen.de/straße",
        "acme.com.",
        "(acme.com)", "https://acme.com:8080/x", "http://localhost/", "https://192.168.0.1/", "acme.com/é",
        "acme.com?x=1", "HTTPS://ACME.COM/X", "acme.com/@user/", "https://acme.com/a)", "https://acme.com/a!",
        "_acme.com", "acme-.com", "ac_me.com", "sub_x.acme.com", "acme.comde", "acme.com中国", "日本語acme.comです",
        "http://日本語.jp/", "#acme.com", "$acme.com", "@acme.com", "x/acme.com", "https://acme.com/%20a",
        "acme..com",
        "http://acme", "acme.xn--p1ai", "“acme.com”", "acme.com’s", "https://acme.com/a–b", "ftp://acme.com",
        "https://acme.com/a(b(c)d)e", "https://acme.com/a(b", "bit.ly/3xYz",
        "https://acme.com/~u/?q=a%20b&c[]=1",
    ]
    private static let pictures = [
        "😀", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "#️⃣", "❤️", "❤", "☺", "©", "®", "™", "✔️", "👩🏾‍🚀", "🏳️‍🌈", "⚽", "ℹ️", "↔", "‼️",
        "🇪🇺🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "*️⃣", "🙋🏻‍♀️",
    ]

    /// As people write: words, links and emoji, with what stands between them.
    private static func texts(_ count: Int, seed: UInt64) -> [String] {
        var chance = SeededGenerator(seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...40, using: &chance)).map { _ in
                let kind = [words, words, links, pictures].randomElement(using: &chance)!
                let between = [" ", " ", "  ", "\n", ", ", "! ", ". ", "? "].randomElement(using: &chance)!
                return kind.randomElement(using: &chance)! + between
            }.joined()
        }
    }

    @Test func `five hundred texts are as long as X's own rules find them`() throws {
        let texts = Self.texts(500, seed: 20_270_105)
        let lengths = try Self.judged(texts)
        #expect(lengths.count == 500 && lengths.contains { $0 > 280 } && lengths.contains { $0 <= 280 })
        for (text, length) in zip(texts, lengths) {
            #expect(TextCounting.weighted.length(of: text) == length, "\(text.debugDescription)")
        }
    }

    struct Missing: Error, CustomStringConvertible {
        let description = """
            .build/venv-social has no Python with what Tests/Social/requirements.txt names. `make test` makes it, for which \
            it needs PyPI once; or set BUREAU_SOCIAL_PYTHON.
            """
    }

    private static let program = """
        import json, sys
        from twitter_text import parse_tweet
        for line in sys.stdin:
            print(parse_tweet(json.loads(line)).weightedLength)
        """

    private static func judged(_ texts: [String]) throws -> [Int] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path =
            ProcessInfo.processInfo.environment["BUREAU_SOCIAL_PYTHON"]
            ?? root.appending(path: ".build/venv-social/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing() }
        let file = FileManager.default.temporaryDirectory.appending(
            path: "bureau-weighing-\(UUID().uuidString)")
        let lines = texts.map { JSON.string($0).serialized }.joined(separator: "\n") + "\n"
        try Data(lines.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-W", "ignore", "-c", program]
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: said, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }
}
