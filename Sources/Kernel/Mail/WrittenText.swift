/// The text that a person wrote anew in a mail, and their signature.
package struct WrittenText: Sendable, Equatable {
    /// The text without quotes and signature; where nothing else is there, all of it.
    package var newText: String
    package var signature: String?

    /// Out of a plain text.
    package init(_ text: String) { self.init(text: text, html: nil) }

    init(text: String, html: String?) {
        let lines = QuoteCutter.lines(text)
        var kept = QuoteCutter(lines).kept
        // Mail programs mark in HTML what they quote, also where nothing of it shows in the plain text.
        if kept.count == lines.count, let html {
            let reader = HTMLReader(html)
            if let unquoted = reader.text(without: .quote), !unquoted.isBlank {
                kept = QuoteCutter(QuoteCutter.lines(unquoted)).kept
            }
        }
        if kept.allSatisfy(\.isBlank) {
            (newText, signature) = (PlainText.trimmed(text), nil)
            return
        }
        let parts = SignatureSplit(kept)
        let written = PlainText.trimmed(parts.text.joined(separator: "\n"))
        if written.isBlank {
            (newText, signature) = (PlainText.trimmed(kept.joined(separator: "\n")), nil)
        } else {
            newText = written
            signature =
                parts.signature.isEmpty ? nil : PlainText.trimmed(parts.signature.joined(separator: "\n"))
        }
    }
}

extension ReceivedMail {
    /// The sender's new text, and their signature. Walks through the whole text: keep it if you need it twice.
    package var written: WrittenText {
        if let strippedText, !strippedText.isBlank { return WrittenText(PlainText.cleaned(strippedText)) }
        return WrittenText(text: text, html: html)
    }

    /// The sender's new text, without quotes and signature; the whole text where nothing is left then.
    package var newText: String { written.newText }
    package var signature: String? { written.signature }
}

/// Takes quotes out of a text: lines after `>`, the line that introduces them, and everything below the headers of
/// the mail that is answered.
struct QuoteCutter {
    private let lines: [Substring]
    /// Above this a text is taken as it is: nobody writes that many lines.
    private static let linesMax = 20_000

    init(_ lines: [Substring]) { self.lines = lines }

    static func lines(_ text: String) -> [Substring] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
    }

    /// The lines that are not quoted.
    var kept: [Substring] {
        guard lines.count <= Self.linesMax else { return lines }
        var kept: [Substring] = [], index = 0
        while index < lines.count {
            let line = lines[index]
            if Self.isQuoted(line) {
                index += 1
                continue
            }
            if startsHeaders(index) || QuoteWords.isSeparator(line) {
                dropRule(&kept)
                break
            }
            if let end = attributionEnd(index) {
                // Answers may stand between quoted lines; where none is marked, all that follows is the quote.
                guard let next = nextText(end), Self.isQuoted(lines[next]) else { break }
                index = end
                continue
            }
            kept.append(line)
            index += 1
        }
        return kept
    }

    private static func isQuoted(_ line: Substring) -> Bool {
        let bare = line.utf8.drop { $0 == 0x20 }
        return bare.first == UInt8(ascii: ">") && line.utf8.count - bare.count <= 3
            // Mailboxes write this for a line that begins with "From ".
            && !bare.starts(with: ">From ".utf8)
    }

    private func nextText(_ start: Int) -> Int? { lines[start...].firstIndex { !$0.isBlank } }

    /// The line of underscores above the headers.
    private func dropRule(_ kept: inout [Substring]) {
        while let last = kept.last, last.isBlank || last.utf8.allSatisfy({ "_-=* ".utf8.contains($0) }) {
            kept.removeLast()
        }
    }

    // MARK: `On Tuesday Jane wrote:`

    /// Where the introduction that begins here ends; `nil` where none does.
    private func attributionEnd(_ start: Int) -> Int? {
        guard !lines[start].isBlank else { return nil }
        var joined = ""
        for end in start..<min(start + 4, lines.count) {
            let line = lines[end]
            if line.isBlank || Self.isQuoted(line) { return nil }
            joined += (joined.isEmpty ? "" : " ") + line
            if joined.utf8.count > 500 { return nil }
            guard QuoteWords.endsWithColon(line) else { continue }
            let isBeforeQuote = nextText(end + 1).map { Self.isQuoted(lines[$0]) } ?? false
            // Over several lines only what begins as one.
            let begins = end == start || QuoteWords.beginsAttribution(joined)
            return begins && QuoteWords.isAttribution(joined, isBeforeQuote: isBeforeQuote) ? end + 1 : nil
        }
        return nil
    }

    // MARK: `From: … Sent: … To: … Subject: …`

    /// Returns whether the headers of a quoted mail begin here.
    private func startsHeaders(_ start: Int) -> Bool {
        guard QuoteWords.label(of: lines[start]) == .from else { return false }
        var found: Set<QuoteWords.Label> = [], seen = 0
        for line in lines[(start + 1)...].prefix(12) where !line.isBlank {
            seen += 1
            if seen > 7 { break }
            if let label = QuoteWords.label(of: line) { found.insert(label) }
        }
        found.remove(.from)
        return found.count >= 2
    }
}
