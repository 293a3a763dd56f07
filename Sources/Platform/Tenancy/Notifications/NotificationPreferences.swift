internal import Database
package import JSON
package import Records
package import Telemetry

/// The ways in which a person prefers to be notified.
package struct NotificationPreferences: Part {
    package enum When: String, Choice { case always, urgent, never }
    package enum Frequency: String, Choice {
        case immediate, daily, weekly
    }

    /// The channel by which a client's person hears of what waits for them.
    package enum NoticeChannel: String, Choice { case email, whatsapp, telegram }

    package var console = true
    package var mail = When.urgent
    package var webhook = When.urgent
    package var webhookURL: String?
    /// The choices that somebody has made by kind: `{"ticket.mentioned": {"mail": true}}`. A kind that is not named
    /// follows the channel's own rule.
    package var kinds = JSON.object([:])
    package var dutyHours: BusinessHours?
    package var quietUntil: Instant?
    package var frequency = Frequency.immediate
    package var noticeChannel = NoticeChannel.email

    package init() {}
    package static let schema = Schema<NotificationPreferences>(
        "NotificationPreferences",
        [
            .boolean(
                "console", \.console, .standard(true),
                .about("Whether notifications are listed in the console.")),
            .choice(
                "mail", \.mail, .standard("urgent"), .about("The notifications that are also sent by mail.")),
            .choice(
                "webhook", \.webhook, .standard("urgent"),
                .about("The notifications that are also sent to the chat at webhook_url.")),
            .url(
                "webhook_url", \.webhookURL,
                .about("The address of an incoming webhook that takes {\"text\": …}.")),
            .document(
                "kinds", \.kinds, schema: kindsSchema,
                .about(
                    """
                    Your choice for each kind (GET /v1/notifications/kinds), channel by channel: true for \
                    always, false for never. A channel that is not named, or null, follows its own rule above.
                    """)),
            .part(
                "duty_hours", \.dutyHours,
                .about(
                    "The hours in which mail and chat may reach you, in the agency's time zone; null: always."
                )),
            .instant(
                "quiet_until", \.quietUntil,
                .about("Until when only urgent notifications are sent by mail or chat.")),
            .choice(
                "frequency", \.frequency, .standard("immediate"),
                .about("For clients' people: whether notices are sent at once, or as a digest.")),
            .choice(
                "notice_channel", \.noticeChannel, .standard("email"),
                .about(
                    "For clients' people: the channel of notices; by mail where the channel cannot be used.")),
        ])

    package var faults: [Fault] {
        (dutyHours?.faults ?? []).map { Fault("/duty_hours" + $0.pointer, $0.code, $0.detail) } + kindFaults
    }

    /// When mail and chat may reach the person: now, or later.
    func reachable(from now: Instant, in zone: TimeZoneRules) -> Instant {
        let start = max(now, quietUntil ?? now)
        guard let hours = dutyHours, !hours.weekdays.isEmpty else { return start }
        let local = zone.local(of: start)
        for offset in 0...7 {
            let day = local.date.adding(days: offset)
            // The first of January 1970 was a Thursday.
            let weekday = ((day.daysSinceEpoch + 3) % 7 + 7) % 7 + 1
            guard hours.weekdays.contains(weekday) else { continue }
            let begin = hours.window.startMinute, end = hours.window.endMinute
            let minute = offset == 0 ? local.secondsOfDay / 60 : 0
            if offset == 0, minute >= begin, minute < end { return start }
            if minute < begin {
                return zone.firstInstant(
                    atOrAfter: LocalTime(date: day, secondsOfDay: begin * 60))
            }
        }
        return start
    }
}

extension NotificationStore {
    /// Returns whether somebody may be told things at this moment.
    package func isOnDuty(_ user: User) throws -> Bool {
        guard let preferences = user.notifications else { return true }
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        return preferences.reachable(from: tx.now, in: zone) <= tx.now
    }
}
