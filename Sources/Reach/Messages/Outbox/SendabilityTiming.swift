internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

extension SendabilityRules {
    mutating func hours() {
        guard let quiet = tenant.quietHours else { return }
        let theirs = contact.zone(zone), end = quiet.end(around: now, in: theirs)
        if end > now {
            add(
                "quiet_hours",
                "Quiet hours in the contact's time zone (\(theirs.name)): \(quiet.from) to \(quiet.to).",
                until: end)
        }
    }

    /// Asks what the contact has said: what they do not want, and more often than they want, waits.
    mutating func wishes(_ reader: some Queryable) throws {
        let stated = try reader.preferences.stated(contact.id)
        if let days = stated.days,
            let until = try FrequencyCap.end(of: days, contact.id, zone, in: reader)
        {
            add(
                FrequencyCap.code, "The contact wants at most one marketing message in \(days) days.",
                until: until)
        }
        try unwantedContent(reader)
    }

    /// Asks whether a campaign is under way with the contact: what would come on top of it waits.
    mutating func campaigns(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        reasons += try dependencies.campaignsUnderWay(reader, contact.id, question.message)
    }

    /// Asks whether the contact wants such content at all.
    mutating func unwantedContent(_ reader: some Queryable) throws {
        guard let content = question.content ?? question.message?.content else { return }
        let stated = try lookup.map { $0.stated[contact.id] } ?? reader.preferences.stated(contact.id)
        if let wanted = stated?.contents,
            !wanted.contains(content.rawValue)
        {
            add(
                Sendability.unwanted,
                "The contact does not want \(content.rawValue.replacing("_", with: " ")).")
        }
    }

    mutating func lock(_ reader: some Queryable) throws {
        guard let lock = try reader.messageLocks.find(on: contact.id), lock.expiresAt > now,
            lock.owner != question.message?.lockOwner
        else { return }
        let asker: MessageLock.Holder = question.message.map(\.speaker) ?? .system
        if lock.holder.priority <= asker.priority {
            add("locked", lock.inWords, until: lock.expiresAt)
        }
    }

    mutating func caps(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        let tomorrow = zone.nextDay(after: now)
        let limits = tenant.sending ?? SendingLimits()
        func isUsedUp(_ scope: String, _ limit: Int) throws -> Bool {
            try reader.sendCounts.today(scope, zone) >= limit
        }
        if isMarketing, try isUsedUp(SendScope.tenant, limits.perDay) {
            add(
                "daily_cap", "The agency has reached its limit of \(limits.perDay) marketing messages a day.",
                until: tomorrow)
        }
        if isMarketing {
            for cap in tenant.caps where cap.purpose == .marketing {
                if let reason = try cap.reason(contact.id, question.channel, zone, in: reader) {
                    reasons.append(reason)
                }
            }
        }
        if let agent = question.agent, let cap = try dependencies.dailyCap(reader, agent),
            try isUsedUp(SendScope.agent(agent), cap)
        {
            add(
                "daily_cap", "The agent \(agent) has reached its limit of \(cap) messages a day.",
                until: tomorrow)
        }
        guard question.channel == .email,
            let domain = tenant.sender.flatMap({ EmailAddress($0.email)?.domain })
        else { return }
        if isMarketing, let reason = try reader.sendingDomains.reason(domain, tenant, zone) {
            reasons.append(reason)
        }
    }
}
