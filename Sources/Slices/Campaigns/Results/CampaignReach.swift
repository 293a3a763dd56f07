internal import Database
internal import Messages
internal import Nouns
internal import People
internal import Telemetry
internal import Tenancy

/// The people whom messages of a campaign have reached, each once, and those of them who were won or booked a meeting
/// within some days of a message.
struct ReachedPeople: Equatable {
    var people = 0, won = 0, booked = 0
    /// Those who did either.
    var converted = 0
}

/// The messages of a campaign that have left over one channel. What people did is apart from what programs did.
struct ChannelReach {
    let channel: Channel
    var sent = 0, delivered = 0, bounced = 0, opened = 0, clicked = 0, replied = 0
    var machineOpened = 0, machineClicked = 0
    var people = ReachedPeople()

    /// Whether services have told anything of what arrives. Where they have not, nothing is known of it.
    var tellsArrival: Bool { delivered + bounced > 0 }

    /// Returns whether it shows when a message was read: some chats always do, mails where that is tracked.
    func tellsOpening(_ tracking: Tracking?) -> Bool {
        if opened + machineOpened > 0 { return true }
        return switch channel {
        case .email: tracking?.opens == true
        case .whatsapp, .messenger, .instagram, .portal, .webChat: true
        case .telegram, .sms, .slack, .x, .linkedin, .youtube: false
        }
    }

    /// Returns whether it shows that a link of a message was followed. Links in chats are those that were
    /// given out.
    func tellsClicks(_ tracking: Tracking?) -> Bool {
        clicked + machineClicked > 0 || channel == .email && tracking?.clicks == true
    }
}

extension CampaignResultStore {
    /// The activity by which somebody books a meeting.
    private static var booking: String { "calendly_book" }

    /// Returns what has become of the messages of a campaign, by channel, whoever had them sent: mails to a segment,
    /// content that was distributed, single ones. `window` is how long after a message somebody is won by it.
    func reach(of campaign: CampaignID, window: Duration) throws -> [ChannelReach] {
        let people = try people(of: campaign, by: "m.channel", window)
        var found: [ChannelReach] = []
        try tx.each(
            """
            SELECT \(trusted: ReachRow.counted) FROM messages AS m
            LEFT JOIN contact_activities AS opening
                ON opening.tenant_id = m.tenant_id AND opening.fact = 'machine/opened/' || m.id
            LEFT JOIN contact_activities AS following
                ON following.tenant_id = m.tenant_id AND following.fact = 'machine/clicked/' || m.id
            WHERE m.tenant_id = \(tx.tenant) AND m.campaign_id = \(campaign) AND m.direction = 'outbound'
                AND m.sent_at IS NOT NULL
            GROUP BY m.channel
            """
        ) { row in
            guard var reach = try ReachRow(row).reach else { return }
            reach.people = people[reach.channel.rawValue] ?? ReachedPeople()
            found.append(reach)
        }
        return found.sorted { $0.channel.rawValue < $1.channel.rawValue }
    }

    /// Returns whom messages of a campaign have reached over all channels together.
    func reached(by campaign: CampaignID, window: Duration) throws -> ReachedPeople {
        // All that leave go in one direction: they are one group.
        try people(of: campaign, by: "m.direction", window).values.first ?? ReachedPeople()
    }

    private func people(
        of campaign: CampaignID, by key: SQL, _ window: Duration
    ) throws -> [String: ReachedPeople] {
        let window = window.components.seconds * 1_000_000
        var found: [String: ReachedPeople] = [:]
        try tx.each(
            """
            SELECT \(trusted: PlaceRow.counted) FROM (
                SELECT \(key) AS place, m.contact_id,
                    max(CASE WHEN EXISTS (
                        SELECT 1 FROM leads WHERE leads.tenant_id = m.tenant_id AND leads.contact_id = m.contact_id
                            AND leads.status = 'won' AND leads.closed_at > m.sent_at
                            AND leads.closed_at <= m.sent_at + \(window)
                    ) THEN 1 ELSE 0 END) AS won,
                    max(CASE WHEN EXISTS (
                        SELECT 1 FROM contact_activities AS did
                        WHERE did.tenant_id = m.tenant_id AND did.contact_id = m.contact_id
                            AND did.source = 'human' AND did.type = \(Self.booking) AND did.at > m.sent_at
                            AND did.at <= m.sent_at + \(window)
                    ) THEN 1 ELSE 0 END) AS booked
                FROM messages AS m
                WHERE m.tenant_id = \(tx.tenant) AND m.campaign_id = \(campaign) AND m.direction = 'outbound'
                    AND m.sent_at IS NOT NULL AND m.contact_id IS NOT NULL
                GROUP BY \(key), m.contact_id
            ) AS reached GROUP BY place
            """
        ) { row in
            let reached = try PlaceRow(row)
            found[reached.place] = reached.people
        }
        return found
    }
}

/// The messages of one channel, counted.
private struct ReachRow: StoredRow {
    /// `nil` where the channel is none that is known.
    let reach: ChannelReach?

    static let columns = Columns(of: Self.self)

    static let counted = columns.of(
        "m",
        with: [
            "sent": "count(*)",
            "bounced": "sum(CASE WHEN m.status IN ('bounced', 'failed') THEN 1 ELSE 0 END)",
            "delivered": """
            sum(CASE WHEN m.delivered_at IS NOT NULL AND m.status NOT IN ('bounced', 'failed') THEN 1 ELSE 0 END)
            """,
            "opened": "count(m.opened_at)", "clicked": "count(m.clicked_at)",
            "replied": "count(m.replied_at)",
            "machine_opened": "count(opening.fact)", "machine_clicked": "count(following.fact)",
        ])

    init(_ row: inout ColumnReader) {
        let channel = Channel(rawValue: row.text("channel"))
        var reach = ChannelReach(channel: channel ?? .email)
        (reach.sent, reach.bounced, reach.delivered) = (
            row.int("sent"), row.int("bounced"), row.int("delivered")
        )
        (reach.opened, reach.clicked, reach.replied) = (
            row.int("opened"), row.int("clicked"), row.int("replied")
        )
        reach.machineOpened = row.int("machine_opened")
        reach.machineClicked = row.int("machine_clicked")
        self.reach = channel == nil ? nil : reach
    }
}

/// The people who were reached, by the channel or the direction of messages.
private struct PlaceRow: StoredRow {
    let place: String
    let people: ReachedPeople

    static let columns = Columns(of: Self.self)

    static let counted = columns.of(
        "reached",
        with: [
            "people": "count(*)", "won": "sum(won)", "booked": "sum(booked)",
            "converted": "sum(CASE WHEN won + booked > 0 THEN 1 ELSE 0 END)",
        ])

    init(_ row: inout ColumnReader) {
        place = row.text("place")
        people = ReachedPeople(
            people: row.int("people"), won: row.int("won"), booked: row.int("booked"),
            converted: row.int("converted"))
    }
}
