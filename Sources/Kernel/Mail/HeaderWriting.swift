internal import Cryptography

/// One header's value while it is written: folded at 76 columns where it can be, with encoded words (RFC 2047) for
/// what is not plain ASCII. It is our own because the library writes encoded words that are longer than 75
/// characters, and cuts addresses of web pages into such words.
struct HeaderWriter {
    /// The value as the library takes it, a raw value.
    private(set) var raw = ""
    private var column: Int

    private static let width = 76
    /// `=?utf-8?B?` and `?=`
    private static let frame = 12, wordMax = 75

    init(_ name: String) { column = name.utf8.count + 1 }

    /// A piece that is never broken, on a line of its own where it does not fit on this one.
    mutating func add(_ piece: some StringProtocol, after blanks: String = " ") {
        if column + blanks.utf8.count + piece.utf8.count > Self.width, !raw.isEmpty { startLine() }
        raw += blanks + piece
        column += blanks.utf8.count + piece.utf8.count
    }

    var finished: String { raw + "\n" }

    private mutating func startLine() {
        raw += "\n"
        column = 0
    }

    /// Text without a structure: a subject.
    mutating func add(text: HeaderText) {
        let text = text.description
        guard Self.isPlain(text), text.utf8.first != 0x20, text.utf8.last != 0x20 else {
            return addEncoded(text)
        }
        // Blanks stay with the word after them, so that as many come out as went in.
        var rest = text[...]
        while !rest.isEmpty {
            let blanks = rest.prefix { $0 == " " }
            let word = rest.dropFirst(blanks.count).prefix { $0 != " " }
            add(word, after: blanks.isEmpty ? " " : String(blanks))
            rest = rest[word.endIndex...]
        }
    }

    /// `Jane Example <jane@example.com>`
    mutating func add(_ mailbox: Mailbox) {
        guard let name = mailbox.name?.description, !name.isEmpty else {
            return add(mailbox.wireAddress)
        }
        if !Self.isPlain(name) {
            addEncoded(name)
        } else if name.utf8.allSatisfy({ $0 == 0x20 || Self.isAtom($0) }) {
            add(text: HeaderText(cleaning: name))
        } else {
            let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            add("\"\(escaped)\"")
        }
        add("<\(mailbox.wireAddress)>")
    }

    /// Returns whether it needs no encoded words: ASCII, no words that would be lines too long, nothing that
    /// reads like an encoded word itself.
    private static func isPlain(_ text: String) -> Bool {
        var length = 0
        var previous: UInt8 = 0
        for byte in text.utf8 {
            guard byte < 0x80, !(previous == UInt8(ascii: "=") && byte == UInt8(ascii: "?")) else {
                return false
            }
            length = byte == 0x20 ? 0 : length + 1
            if length > 60 { return false }
            previous = byte
        }
        return true
    }

    private mutating func addEncoded(_ text: String) {
        let escaped = text.utf8.count { !Self.isQuotable($0) && $0 != 0x20 }
        // Three characters for one byte that is escaped, against four for three bytes.
        let isQuoted = text.utf8.count + 2 * escaped <= text.utf8.count * 4 / 3
        var word: [UInt8] = [], length = 0
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar)!)
            let grown =
                isQuoted ? length + Self.quoted(bytes).utf8.count : (word.count + bytes.count + 2) / 3 * 4
            // The first word stands beside the header's name.
            let room = raw.isEmpty ? min(Self.wordMax, Self.width - column - 1) : Self.wordMax
            if grown + Self.frame > room, !word.isEmpty {
                add(Self.encoded(word, isQuoted))
                (word, length) = ([], 0)
            }
            word += bytes
            length += isQuoted ? Self.quoted(bytes).utf8.count : 0
        }
        if !word.isEmpty { add(Self.encoded(word, isQuoted)) }
    }

    private static func encoded(_ word: [UInt8], _ isQuoted: Bool) -> String {
        isQuoted ? "=?utf-8?Q?\(quoted(word))?=" : "=?utf-8?B?\(Base64.encode(word))?="
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            if byte == 0x20 {
                text += "_"
            } else if isQuotable(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "=" + Hex.encode([byte]).uppercased()
            }
        }
        return text
    }

    /// Returns whether a byte stands for itself in a Q word even within a phrase (RFC 2047 §5).
    private static func isQuotable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!*+-/".utf8.contains(byte)
        }
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }
}
