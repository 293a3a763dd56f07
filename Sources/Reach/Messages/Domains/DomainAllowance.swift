internal import Agents
internal import Database
internal import Mail
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The marketing that may leave from a domain today.
struct DomainAllowance: Equatable {
    /// The daily limit that a new domain begins with.
    private static let first = 20
    /// In 27 days 20 become more than a million.
    private static let daysMax = 27

    var limit: Int
    var isWarmingUp: Bool

    /// `days`: on how many it has sent before, since it began; `nil` where it is warm.
    init(_ perDay: Int, warmUpDays days: Int?, _ health: SendingDomain.Health) {
        var ramp = Self.first
        for _ in 0..<min(days ?? 0, Self.daysMax) { ramp += ramp / 2 }
        isWarmingUp = days != nil && ramp < perDay
        limit = isWarmingUp ? ramp : perDay
        switch health {
        case .ok: break
        case .slow: limit = (limit + 1) / 2
        case .stopped: limit = 0
        }
    }
}

extension SendingDomainStore {
    func allowance(
        of domain: SendingDomain, _ tenant: Tenant, _ zone: TimeZoneRules
    ) throws -> DomainAllowance {
        let days =
            domain.warmUp
            ? try domain.warmUpDay.map { try sendingDays(of: domain.domain, since: $0, zone) } ?? 0 : nil
        return DomainAllowance(
            (tenant.sending ?? SendingLimits()).perDomainPerDay, warmUpDays: days, domain.health)
    }

    /// Why no marketing leaves from a domain now.
    func reason(_ name: String, _ tenant: Tenant, _ zone: TimeZoneRules) throws -> Reason? {
        let tomorrow = zone.nextDay(after: tx.now)
        guard let domain = try find(name) else {
            let limit = (tenant.sending ?? SendingLimits()).perDomainPerDay
            guard try tx.sendCounts.today(SendScope.domain(name), zone) >= limit else { return nil }
            return Reason(
                "daily_cap", "The domain \(name) has reached its limit of \(limit) emails a day.",
                until: tomorrow)
        }
        if domain.health == .stopped {
            return Reason(
                "domain_stopped",
                "The domain \(name) is paused: \(domain.healthReason ?? "marketing is stopped.")")
        }
        let allowance = try allowance(of: domain, tenant, zone)
        guard try tx.sendCounts.today(SendScope.domain(name), zone) >= allowance.limit else { return nil }
        return allowance.isWarmingUp
            ? Reason(
                "warm_up",
                "The domain \(name) is warming up: at most \(allowance.limit) emails today, and more each day.",
                until: tomorrow)
            : Reason(
                "daily_cap", "The domain \(name) has reached its limit of \(allowance.limit) emails a day.",
                until: tomorrow)
    }
}

extension SendingDomainStore where Base == Transaction {
    /// The first marketing mail of a domain begins its warm-up.
    func beginWarmUp(of name: String, _ zone: TimeZoneRules) throws {
        guard let domain = try find(name), domain.warmUp, domain.warmUpDay == nil else { return }
        var begun = domain
        begun.warmUpDay = zone.day(of: tx.now)
        begun.warmUpStartedOn = String(
            Instant(seconds: Int64(zone.day(of: tx.now)) * 86_400).description.prefix(10))
        try tx.update(domain, to: &begun, by: .system, action: "sending_domain.warming_up")
    }

    /// Returns the signers of a domain's email; none for a domain that the agency does not send from.
    func signers(of name: String, _ services: PlatformServices) throws -> [DKIMSigner] {
        try find(name)?.signer(services, tx.tenant).map { [$0] } ?? []
    }
}
