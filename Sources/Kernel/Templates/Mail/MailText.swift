internal import Markdown

/// The plain part of a mail.
struct MailText {
    let locale: TextLocale
    let dress: MailDress

    func write(_ blocks: [Markdown.Block]) -> String {
        let body = Markdown.plainText(blocks)
        let foot = foot
        // The mark that clients know a signature by (RFC 3676, section 4.3).
        return foot.isEmpty ? body : body + "\n-- \n" + foot.joined(separator: "\n") + "\n"
    }

    private var foot: [String] {
        var lines = ([dress.agency].compactMap(\.self) + dress.address).map { Escape.line(Array($0.utf8)) }
        if let url = dress.unsubscribeURL { lines.append("\(locale.unsubscribe): \(MailLink.written(url))") }
        if let disclosure = dress.disclosure { lines.append(Escape.line(Array(disclosure.utf8))) }
        return lines.filter { !$0.isEmpty }
    }
}

/// An address from outside of a template, as it can stand in a mail.
enum MailLink {
    static func written(_ url: String) -> String {
        var bytes: [UInt8] = []
        Escape.address(url, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
