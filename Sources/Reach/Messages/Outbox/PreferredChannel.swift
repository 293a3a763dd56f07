package import Database
internal import JSON
package import Nouns
package import People
internal import Records
package import Telemetry
internal import Tenancy

/// The choice of a channel and an hour for each contact: `outbox.channels`.
package struct ChannelChoice: Sendable {
    fileprivate let outbox: Outbox
}

extension Outbox {
    package var channels: ChannelChoice { ChannelChoice(outbox: self) }
}

extension ChannelChoice {
    /// Returns the channel for writing to a contact: that of WhatsApp, Telegram, Messenger, Instagram and text messages
    /// on which they wrote last, when a message can reach them there now; else email.
    package func preferred(of contact: Contact, in tx: Transaction) throws -> Channel {
        let last = try tx.first(
            """
            SELECT channel FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND last_inbound_at IS NOT NULL
            ORDER BY last_inbound_at DESC LIMIT 1
            """
        ) { $0.text(0) }.flatMap { Channel(rawValue: $0) }
        guard let last, Self.answered.contains(last), try mayWrite(to: contact, on: last, in: tx)
        else { return .email }
        return last
    }

    /// Returns the channel that a contact has asked for, when a message can reach them there now; else email.
    package func stated(of contact: Contact, in reader: some Queryable) throws -> Channel {
        guard let said = try reader.preferences.stated(contact.id).values[.channel]?.value.text,
            let channel = Channel(rawValue: said), Self.answered.contains(channel),
            try Sendability(.init(contact, channel, .transactional), outbox.dependencies, in: reader)
                .isSendable
        else { return .email }
        return channel
    }

    /// Returns the channel for writing to a contact of the agency's own accord: the first of those on which they
    /// answer, best first, by which words reach them; where they have no mail, any on which they agreed to it; else
    /// email.
    package func best(
        for contact: Contact, _ purpose: Purpose, in reader: some Queryable
    ) throws -> Channel {
        let known = try channels(of: contact.id, in: reader)
        let others =
            try contact.email != nil
            ? []
            : Preference.channels.filter { channel in
                try !known.contains(channel) && Self.answered.contains(channel)
                    && reader.identities.address(of: contact, on: channel) != nil
            }
        for channel in known + others {
            if channel == .email, contact.email != nil { return .email }
            let reasons = try Sendability(.init(contact, channel, purpose), outbox.dependencies, in: reader)
                .reasons
            // A reason that ends by itself does not move a message to another channel, unless nobody may
            // write here by then; nor does one that keeps marketing from the client on every channel alike.
            let mayWait = !channel.hasWindow && channel != .whatsapp
            let ends = { (reason: Reason) in
                reason.until != nil || reason.code == UnsuitableMoment.code
                    || contact.email == nil && Self.passing.contains(reason.code)
            }
            if reasons.isEmpty || mayWait && reasons.allSatisfy(ends) { return channel }
        }
        return .email
    }

    /// Returns this channel, where the contact has an address on it; `nil`: nothing reaches them.
    package func wayTo(_ contact: Contact, _ purpose: Purpose, in reader: some Queryable) throws -> Channel? {
        let best = try best(for: contact, purpose, in: reader)
        return best == .email && contact.email == nil ? nil : best
    }

    /// Returns the channels for writing to those of some contacts whom mail is not best for.
    package func chats(
        for contacts: [Contact], _ purpose: Purpose, in reader: some Queryable
    ) throws -> [ContactID: Channel] {
        let ids = contacts.map(\.id)
        let chatting = try reader.preferences.haveChats(ids).union(
            reader.conversations.haveAnsweredInChat(of: ids))
        var channels: [ContactID: Channel] = [:]
        for contact in contacts {
            let hasNumberAlone = contact.email == nil && contact.phone != nil
            guard hasNumberAlone || chatting.contains(contact.id) else { continue }
            let best = try best(for: contact, purpose, in: reader)
            if best != .email { channels[contact.id] = best }
        }
        return channels
    }

    /// Returns the first moment from `instant` on in the hour at which each of some contacts likes to be written to,
    /// for those of whom one is known that is not in the agency's quiet hours. `onTheirDay`: on the day of the week
    /// that they have asked for, too, which is within a week.
    package func likedTimes(
        of contacts: [Contact], atOrAfter instant: Instant, onTheirDay: Bool = false,
        in reader: some Queryable
    ) throws -> [ContactID: Instant] {
        let tenant = try reader.agency.tenant(), ids = contacts.map(\.id)
        let known = try reader.preferences.haveHours(ids)
        let days = try onTheirDay ? reader.preferences.weekdays(of: ids) : [:]
        var times: [ContactID: Instant] = [:]
        for contact in contacts {
            let hour = try known.contains(contact.id) ? reader.preferences.hour(of: contact.id) : nil
            let day = days[contact.id]
            guard hour != nil || day != nil else { continue }
            times[contact.id] = likedTime(of: contact, hour, on: day, atOrAfter: instant, tenant)
        }
        return times
    }

    private func likedTime(
        of contact: Contact, _ hour: Int?, on weekday: Int?, atOrAfter instant: Instant, _ tenant: Tenant
    ) -> Instant {
        let zone = contact.zone(tenant.zone), quiet = tenant.quietHours
        var local = zone.local(of: instant)
        let now = local.secondsOfDay / 3600, today = local.date
        let liked = hour.flatMap {
            quiet?.contains(LocalTime(today, hour: $0, minute: 0)) == true ? nil : $0
        }
        var day = today.daysSinceEpoch + (now > liked ?? 23 ? 1 : 0)
        if let weekday { day += (weekday - CivilDate(daysSinceEpoch: day).weekday + 7) % 7 }
        if day == today.daysSinceEpoch, now == liked ?? now { return instant }
        local.date = CivilDate(daysSinceEpoch: day)
        return zone.firstInstant(
            atOrAfter: liked.map { LocalTime(local.date, hour: $0, minute: 0) } ?? local)
    }

    /// The channels on which a contact answers, best first; before anything was counted those on which they wrote.
    private func channels(of contact: ContactID, in reader: some Queryable) throws -> [Channel] {
        let known = try reader.preferences.channels(of: contact)
        let others = try reader.conversations.channels(answeredBy: contact).filter { !known.contains($0) }
        return (known + others).filter { $0 == .email || Self.answered.contains($0) }
    }

    /// Codes of reasons that pass on every channel: whoever has no mail is not without an address meanwhile.
    private static let passing: Set = ["brake", "in_sales_process"]

    /// The channels on which people are written to where they wrote themselves.
    private static let answered: Set<Channel> = [.whatsapp, .telegram, .messenger, .instagram, .sms]

    /// Returns whether words reach somebody on a channel at this moment: a service may let the agency answer
    /// only.
    func mayWrite(to contact: Contact, on channel: Channel, in tx: Transaction) throws -> Bool {
        guard channel != .email else { return true }
        return try Sendability(.init(contact, channel, .transactional), outbox.dependencies, in: tx)
            .isSendable
    }
}

extension ConversationStore {
    /// Returns those of some contacts who have answered elsewhere than by mail.
    fileprivate func haveAnsweredInChat(of contacts: [ContactID]) throws -> Set<ContactID> {
        Set(
            try tx.all(
                """
                SELECT contact_id FROM conversations
                WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: contacts) AND channel <> 'email'
                    AND last_inbound_at IS NOT NULL
                """
            ) { ContactID($0, 0) })
    }

    /// Returns the channels on which a contact has answered, the latest first.
    fileprivate func channels(answeredBy contact: ContactID) throws -> [Channel] {
        try tx.all(
            """
            SELECT channel FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND last_inbound_at IS NOT NULL
            ORDER BY last_inbound_at DESC LIMIT 20
            """
        ) { Channel(rawValue: $0.text(0)) }.compactMap(\.self)
    }
}
