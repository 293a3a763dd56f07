internal import Database
internal import Jobs
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// An outcome that is counted of the messages sent over a service.
enum MessageMetric: String { case sent, delivered, bounced, opened, clicked, replied }

extension MessageStore where Base == Transaction {
    /// Counts what became of one of ours: by channel, purpose and the hour at which it was sent, and by day. What is
    /// said on our own pages needs no service, and says nothing about one.
    func note(
        _ figure: MessageMetric, of message: Message, _ known: Tenant? = nil, by change: Int = 1
    ) throws {
        guard message.direction == .outbound, !message.channel.isOwn, !message.isInternal else { return }
        let zone = TimeZoneRules(named: try (known ?? tx.agency.tenant()).timeZone) ?? .utc
        let channel = message.channel.rawValue
        let hour = zone.local(of: message.sentAt ?? tx.now).secondsOfDay / 3600
        let sentAt = hour < 10 ? "0\(hour)" : "\(hour)"
        try tx.counters.count(
            "messages.figure.\(channel).\(message.purpose.rawValue).\(sentAt).\(figure.rawValue)", change)
        if let template = message.templateID, let counted = TemplateMetrics.counted(figure) {
            tx.counters.countLater("templates.\(template).\(counted)", change)
        }
        try tx.counters.count(
            "messages.day.\(zone.local(of: tx.now).date.iso).\(channel).\(figure.rawValue)", change)
    }
}

extension Message {
    /// Returns the outcomes that are new since an older state of the message.
    func figures(since old: Message) -> [MessageMetric] {
        var figures: [MessageMetric] = []
        if status == .delivered, old.status != .delivered { figures.append(.delivered) }
        if status == .bounced, old.status != .bounced { figures.append(.bounced) }
        if openedAt != nil, old.openedAt == nil { figures.append(.opened) }
        if clickedAt != nil, old.clickedAt == nil { figures.append(.clicked) }
        return figures
    }
}
