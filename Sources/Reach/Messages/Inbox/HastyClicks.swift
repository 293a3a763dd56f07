internal import Database
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Links of one mail that are followed one right after the other: people read before they follow another link, and
/// programs that examine mails do not.
extension Inbox {
    /// The different links of a mail that only a program follows within this time.
    private static let linksMin = 3
    private static let span: Duration = .seconds(2)
    /// The kind of the notes of clicks that were a program's.
    static let byProgram = "clicked_by_program"

    /// Returns whether a click comes so soon after those of other links of its mail that a program makes
    /// them. What counted as a person's until then is taken back.
    func isHasty(_ link: String, of message: Message, at moment: Instant, in tx: Transaction) throws -> Bool {
        let link = String(link.prefix(500)), begin = moment - Self.span
        let others = try tx.all(
            """
            SELECT DISTINCT detail FROM message_events
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)
                AND kind IN ('clicked', \(Self.byProgram)) AND detail <> \(link)
                AND at >= \(begin) AND at <= \(moment + Self.span)
            """
        ) { $0.text(0) }
        guard others.count + 1 >= Self.linksMin else { return false }
        try tx.run(
            """
            UPDATE message_events SET kind = \(Self.byProgram)
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id) AND kind = 'clicked' AND at >= \(begin)
            """)
        try tx.conversations.note(Self.byProgram, of: message.id, detail: link, at: moment)
        if let clicked = message.clickedAt, clicked >= begin { try takeBack(message, in: tx) }
        return true
    }

    /// Forgets that a person has followed a link of a message.
    private func takeBack(_ message: Message, in tx: Transaction) throws {
        var heard = message
        if heard.openedAt == heard.clickedAt { heard.openedAt = nil }
        heard.clickedAt = nil
        try tx.outbox.change(message, to: &heard)
        for figure in message.figures(since: heard) { try tx.messages.note(figure, of: heard, by: -1) }
        try tx.engagement.disown(fact: "clicked/\(message.id)")
        try outbox.listeners.tell(.clickTakenBack, of: heard, in: tx)
    }
}
