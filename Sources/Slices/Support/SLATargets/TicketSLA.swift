internal import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry

/// A ticket's SLA targets for its first response and its resolution, and whether they were met. Both are counted in the
/// time that the policy names, without the time that the ticket waits for its client.
package struct TicketSLA: Part {
    package var policyID: ID<SLAPolicy>?
    package var hours = SLAPolicy.Hours.always
    package var firstResponse: String?
    package var resolution: String?
    package var firstResponseDueAt: Instant?
    package var resolutionDueAt: Instant?
    package var firstResponseWarnAt: Instant?
    package var resolutionWarnAt: Instant?
    package var breached = false
    package var pausedAt: Instant?
    /// The seconds of counted time for which the ticket was paused.
    package var pausedSeconds = 0
    package var firstResponseWarnedAt: Instant?
    package var firstResponseBreachedAt: Instant?
    package var resolutionWarnedAt: Instant?
    package var resolutionBreachedAt: Instant?

    package init() {}
    package static let schema = Schema<TicketSLA>(
        "TicketSLA",
        [
            .text("policy_id", \.policyID, max: 64),
            .choice("hours", \.hours, .standard("always")),
            .text("first_response", \.firstResponse, max: 40), .text("resolution", \.resolution, max: 40),
            .instant("first_response_due_at", \.firstResponseDueAt),
            .instant("resolution_due_at", \.resolutionDueAt),
            .instant("first_response_warn_at", \.firstResponseWarnAt),
            .instant("resolution_warn_at", \.resolutionWarnAt),
            .boolean("breached", \.breached, .standard(false)),
            .instant("paused_at", \.pausedAt),
            .integer("paused_seconds", \.pausedSeconds, in: 0...Int64.max, .standard(0)),
            .instant("first_response_warned_at", \.firstResponseWarnedAt),
            .instant("first_response_breached_at", \.firstResponseBreachedAt),
            .instant("resolution_warned_at", \.resolutionWarnedAt),
            .instant("resolution_breached_at", \.resolutionBreachedAt),
        ])

    /// The clocks of the targets.
    enum Clock: String, CaseIterable {
        case firstResponse = "first_response"
        case resolution
    }

    /// The alarms of a clock, each given once.
    enum Alarm { case warned, breached }

    func due(_ clock: Clock) -> Instant? { clock == .firstResponse ? firstResponseDueAt : resolutionDueAt }
    private func warn(_ clock: Clock) -> Instant? {
        clock == .firstResponse ? firstResponseWarnAt : resolutionWarnAt
    }
    private func breach(_ clock: Clock) -> Instant? {
        clock == .firstResponse ? firstResponseBreachedAt : resolutionBreachedAt
    }
    private func warning(_ clock: Clock) -> Instant? {
        clock == .firstResponse ? firstResponseWarnedAt : resolutionWarnedAt
    }

    /// When something has to be told next of a clock that runs.
    func nextAlarm(_ clock: Clock) -> Instant? {
        guard breach(clock) == nil, let due = due(clock) else { return nil }
        return warning(clock) == nil ? warn(clock) ?? due : due
    }

    /// Notes what is to be told of a clock that runs; a breach takes the place of a warning that came too late.
    mutating func fire(_ clock: Clock, at now: Instant) -> Alarm? {
        guard let next = nextAlarm(clock), next <= now, let due = due(clock) else { return nil }
        let alarm: Alarm = due <= now ? .breached : .warned
        switch (clock, alarm) {
        case (.firstResponse, .warned): firstResponseWarnedAt = now
        case (.firstResponse, .breached): firstResponseBreachedAt = now
        case (.resolution, .warned): resolutionWarnedAt = now
        case (.resolution, .breached): resolutionBreachedAt = now
        }
        if alarm == .breached { breached = true }
        return alarm
    }
}

extension Ticket {
    /// Returns whether a clock of the targets runs.
    func runs(_ clock: TicketSLA.Clock) -> Bool {
        guard sla.pausedAt == nil, !isOver, mergedInto == nil else { return false }
        return clock == .resolution || firstResponseAt == nil
    }

    private var pauses: Bool { status == .waitingOnClient || isOver }

    /// When something has to be told next.
    var nextAlarm: Instant? {
        (TicketSLA.Clock.allCases.filter(runs).compactMap(sla.nextAlarm)
            + [nextReminder].compactMap(\.self))
            .min()
    }

    /// When whoever has what was escalated is reminded.
    var nextReminder: Instant? {
        isOver || mergedInto != nil || status == .waitingOnClient ? nil : escalation?.remindAt
    }

    /// Brings the targets in line with what the ticket is now.
    mutating func keepTargets(replacing old: Ticket?, in tx: Transaction) throws {
        let isOther =
            old == nil || old?.priority != priority || old?.tier != tier || old?.category != category
        if isOther, let policy = try tx.slaTargets.policy(for: self) { sla.take(policy) }
        guard sla.policyID != nil else { return }
        let calendar = try tx.slaTargets.workCalendar(sla.hours)
        var isMoved = isOther
        if pauses, sla.pausedAt == nil {
            sla.pausedAt = tx.now
        } else if !pauses, let paused = sla.pausedAt {
            sla.pausedSeconds += Int(calendar.elapsed(from: paused, to: tx.now).components.seconds)
            sla.pausedAt = nil
            isMoved = true
        }
        if isMoved { setDueTimes(calendar, isFirstOpen: firstResponseAt == nil) }
        nextDueAt = TicketSLA.Clock.allCases.filter(runs).compactMap(sla.due).min()
    }

    /// A target that was met keeps the time it had.
    private mutating func setDueTimes(_ calendar: WorkCalendar, isFirstOpen: Bool) {
        let paused = Duration.seconds(sla.pausedSeconds)
        func time(_ text: String?, _ share: Double) -> Instant? {
            text.flatMap { Duration(iso8601: $0) }.map {
                calendar.add(.microseconds(Int64(Double($0.microseconds) * share)) + paused, to: createdAt)
            }
        }
        if isFirstOpen, sla.firstResponseBreachedAt == nil {
            sla.firstResponseDueAt = time(sla.firstResponse, 1)
            sla.firstResponseWarnAt = time(sla.firstResponse, 0.8)
        }
        if sla.resolutionBreachedAt == nil {
            sla.resolutionDueAt = time(sla.resolution, 1)
            sla.resolutionWarnAt = time(sla.resolution, 0.8)
        }
    }
}

extension TicketSLA {
    fileprivate mutating func take(_ policy: SLAPolicy) {
        (policyID, hours) = (policy.id, policy.hours)
        (firstResponse, resolution) = (policy.firstResponse, policy.resolution)
    }
}
