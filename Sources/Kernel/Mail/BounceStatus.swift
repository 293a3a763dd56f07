/// An enhanced status code (RFC 3463): `5.1.1`.
struct BounceStatus: CustomStringConvertible {
    let category: Int, subject: Int, detail: Int

    var description: String { "\(category).\(subject).\(detail)" }

    /// The first one in a text, which stands for itself: `10.5.1.1` holds none.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 4 < bytes.count {
            defer { index += 1 }
            guard [0x32, 0x34, 0x35].contains(bytes[index]), bytes[index + 1] == UInt8(ascii: "."),
                index == 0 || !Self.joins(bytes[index - 1])
            else { continue }
            var place = index + 2
            guard let subject = Self.number(bytes, &place), place < bytes.count,
                bytes[place] == UInt8(ascii: ".")
            else {
                continue
            }
            place += 1
            guard let detail = Self.number(bytes, &place),
                place == bytes.count || !Self.joinsAfter(bytes, place)
            else {
                continue
            }
            (category, self.subject, self.detail) = (Int(bytes[index] - 0x30), subject, detail)
            return
        }
        return nil
    }

    private static func number(_ bytes: [UInt8], _ place: inout Int) -> Int? {
        var value = 0, digits = 0
        while place < bytes.count, (0x30...0x39).contains(bytes[place]), digits < 4 {
            value = value * 10 + Int(bytes[place] - 0x30)
            digits += 1
            place += 1
        }
        return (1...3).contains(digits) ? value : nil
    }

    private static func joins(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || (0x61...0x7A).contains(byte | 0x20)
    }

    /// `5.1.1.` at the end of a sentence is one, `5.1.1.7` an address.
    private static func joinsAfter(_ bytes: [UInt8], _ place: Int) -> Bool {
        if bytes[place] == UInt8(ascii: ".") {
            return place + 1 < bytes.count && (0x30...0x39).contains(bytes[place + 1])
        }
        return (0x61...0x7A).contains(bytes[place] | 0x20)
    }

    /// Phrases of servers: that there is no such address, that its mailbox is full, and that a rule refuses the mail.
    private static let gone = MailLexicon.phrases("gone")
    private static let full = MailLexicon.phrases("full")
    private static let policy = MailLexicon.phrases("policy")

    /// Returns what a failure means for the address. A full mailbox, a rule of the receiver's or the mail's own size do
    /// not make an address dead, whatever class the code has.
    static func kind(_ status: BounceStatus?, _ diagnostic: String) -> MailReport.Kind {
        let text = diagnostic.lowercased()
        let meant =
            status.map { $0.detail == 0 && $0.subject == 0 ? BounceStatus(text) ?? $0 : $0 }
            ?? BounceStatus(text)
        if full.contains(where: text.contains) { return .softBounce }
        guard let meant else {
            if gone.contains(where: text.contains) { return .hardBounce }
            if policy.contains(where: text.contains) { return .softBounce }
            return text.contains("550") || text.contains("permanent") ? .hardBounce : .softBounce
        }
        guard meant.category == 5 else {
            // Given up after many tries: the next mail may arrive.
            return .softBounce
        }
        switch (meant.subject, meant.detail) {
        // The mailbox is full, the mail too long; the sender's address, not the reader's.
        case (2, 2), (2, 3), (2, 4), (1, 7), (1, 8), (1, 9): return .softBounce
        case (1, 1...), (2, 1...): return .hardBounce
        case (3, _), (6, _), (7, _): return .softBounce
        // No such host, or Exchange Online's word for no such address.
        case (4, 1), (4, 4), (4, 310): return .hardBounce
        case (4, _): return gone.contains(where: text.contains) ? .hardBounce : .softBounce
        default:
            if gone.contains(where: text.contains) { return .hardBounce }
            return policy.contains(where: text.contains) ? .softBounce : .hardBounce
        }
    }
}

extension MailReport {
    /// Whether a rule of the receiver's refused the mail (`x.7.x`): the address itself may be in order.
    package var isPolicy: Bool { status.flatMap { BounceStatus($0) }?.subject == 7 }
}
