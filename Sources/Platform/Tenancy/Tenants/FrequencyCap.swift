internal import JSON
package import Records

/// The number of times that one person is written to at most, of the agency's own accord. All marketing to a person
/// counts, whoever sends it; `nurture` binds only what keeps in touch.
package struct FrequencyCap: Part {
    package enum Purpose: String, Choice { case marketing, nurture }
    /// The channels on which marketing leaves.
    package enum Channel: String, Choice {
        case email, whatsapp, messenger, instagram, telegram, sms, slack
        case webChat = "web_chat"
        case portal
    }

    package var purpose = Purpose.marketing
    package var channel: Channel?
    package var max = 1
    package var per = "P1D"

    package init() {}

    package init(_ purpose: Purpose, _ max: Int, per: String) {
        (self.purpose, self.max, self.per) = (purpose, max, per)
    }

    /// The caps of a new agency: two marketing messages a day, and one that keeps in touch a week.
    package static let standard = [
        FrequencyCap(.marketing, 2, per: "P1D"), FrequencyCap(.nurture, 1, per: "P7D"),
    ]

    private static let daysMax = 365

    package static let schema = Schema<FrequencyCap>(
        "FrequencyCap",
        [
            .choice(
                "purpose", \.purpose, .required,
                .about("The messages that are limited: all marketing, or those that keep in touch.")),
            .choice(
                "channel", \.channel, .about("The only channel that counts; null: all of them together.")),
            .integer(
                "max", \.max, in: 1...1000, .required, .about("How many messages a person gets at most.")),
            .text(
                "per", \.per, max: 20, .required, .example("P7D"),
                .about("In which time: whole days of the agency's calendar, from P1D to P365D.")),
        ])

    /// The number of days of the agency's calendar in which it counts; `nil` for what is no such time.
    package var days: Int? {
        guard let duration = Duration(iso8601: per), duration.components.attoseconds == 0 else { return nil }
        let seconds = duration.components.seconds
        guard seconds % 86_400 == 0, (1...Self.daysMax).contains(Int(seconds / 86_400)) else { return nil }
        return Int(seconds / 86_400)
    }

    package var faults: [Fault] {
        days == nil
            ? [Fault("/per", "wrong_type", "per must be whole days, from P1D to P365D, such as P7D.")] : []
    }

    /// Whether it is the cap that `sending.per_contact_per_day` is, too.
    package var isDaily: Bool { purpose == .marketing && channel == nil && days == 1 }
}

extension Tenant {
    /// The caps that hold; the daily one is that of `sending`.
    package var caps: [FrequencyCap] {
        frequencyCaps.list.map { cap in
            guard cap.isDaily else { return cap }
            var daily = cap
            daily.max = (sending ?? SendingLimits()).perContactPerDay
            return daily
        }
    }

    /// The time for which other marketing to a person waits after a mail of a campaign.
    package var marketingRest: Duration {
        .seconds((sending ?? SendingLimits()).campaignRestDays * 86_400)
    }

    /// Keeps the daily cap and `sending.per_contact_per_day` the same, whichever was written.
    mutating func settleCaps(replacing old: Tenant?) {
        let usual = SendingLimits().perContactPerDay
        let (before, now) = (old?.sending?.perContactPerDay ?? usual, sending?.perContactPerDay ?? usual)
        let known = old?.frequencyCaps ?? Parts(FrequencyCap.standard)
        let place = frequencyCaps.list.firstIndex(where: \.isDaily)
        if known != frequencyCaps {
            guard let place, frequencyCaps.list[place].max != now else { return }
            var limits = sending ?? SendingLimits()
            limits.perContactPerDay = min(100, frequencyCaps.list[place].max)
            sending = limits
        } else if before != now {
            if let place {
                frequencyCaps.list[place].max = now
            } else {
                frequencyCaps.list.insert(FrequencyCap(.marketing, now, per: "P1D"), at: 0)
            }
        }
    }

    /// The faults of caps that are there twice.
    var capFaults: [Fault] {
        var seen: Set<String> = []
        return frequencyCaps.list.enumerated().compactMap { index, cap in
            let key = "\(cap.purpose.rawValue) \(cap.channel?.rawValue ?? "") \(cap.days ?? 0)"
            return seen.insert(key).inserted
                ? nil : Fault("/frequency_caps/\(index)", "conflict", "The list has this cap twice.")
        }
    }
}
