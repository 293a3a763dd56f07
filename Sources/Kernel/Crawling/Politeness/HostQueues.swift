package import Telemetry

/// The order in which hosts are asked: one queue per host for all crawls of all agencies together, one request
/// at a time, with a pause between the starts of two. Hosts that stand on one server have their turns one after the
/// other, too. A state machine without clock: whoever has it says what time it is.
package struct HostQueues<Ticket: Sendable>: Sendable {
    package struct Settings: Sendable {
        /// The least time between the starts of two requests to one host; zero switches every pause off.
        package var delay: Duration = .seconds(2)
        /// The greatest pause that a site may ask for, or that follows from its slowness.
        package var delayMax: Duration = .seconds(30)
        /// The multiple of its last answer's duration for which a site is left alone.
        package var slowness = 10
        /// Failures in a row after which a host is left alone.
        package var failuresMax = 5
        package var closedFor: Duration = .seconds(600)

        package init() {}
    }

    /// The outcome of a request, as far as it matters for the next one.
    package enum End: Sendable {
        case answered(took: Duration)
        /// 429 or 503: not before then, for this address; `nil` where the site does not say.
        case refused(retryAfter: Duration?)
        case failed
    }

    private struct Host: Sendable {
        var waiting: [Ticket] = []
        var isBusy = false
        var startedAt: Instant?
        var nextAt = Instant(microseconds: .min)
        var crawlDelay: Duration = .zero
        var failures = 0
        var refusals = 0
        /// The server on which it stands, and the one that its present request goes to.
        var server: String?, asked: String?
    }

    private struct Server: Sendable {
        var isBusy = false
        var nextAt = Instant(microseconds: .min)
    }

    /// The longest time for which a site that refuses is left alone.
    private static var refusalMax: Duration { .seconds(86_400) }

    private let settings: Settings
    private var hosts: [String: Host] = [:]
    private var servers: [String: Server] = [:]

    package init(_ settings: Settings) { self.settings = settings }

    /// `server` is where the host stands, such as an address; `nil` where that is not known or does not matter.
    package mutating func add(_ ticket: Ticket, for host: String, on server: String? = nil) {
        hosts[host, default: Host()].waiting.append(ticket)
        hosts[host]?.server = server
    }

    /// Tells when what was let start went out, if it was later.
    package mutating func begin(_ name: String, at now: Instant) { hosts[name]?.startedAt = now }

    /// Returns the time for which a host is left alone from now on; `nil` where it may be asked.
    package func pause(of name: String, at now: Instant) -> Duration? {
        guard let next = hosts[name]?.nextAt, next > now else { return nil }
        return next - now
    }

    package mutating func remove(where isMeant: (Ticket) -> Bool) {
        for host in hosts.keys { hosts[host]?.waiting.removeAll(where: isMeant) }
        forgetIdle(before: Instant(microseconds: .min))
    }

    /// Tells a host's own pause (`Crawl-delay`).
    package mutating func ask(_ host: String, toPause delay: Duration) {
        hosts[host, default: Host()].crawlDelay = min(delay, settings.delayMax)
    }

    /// Takes out all that may start now, at most one for each host and each server: the host first that was due first.
    package mutating func start(at now: Instant) -> [(host: String, ticket: Ticket)] {
        var started: [(host: String, ticket: Ticket)] = []
        let due = hosts.filter { !$0.value.isBusy && !$0.value.waiting.isEmpty && $0.value.nextAt <= now }
        for (name, host) in due.sorted(by: { ($0.value.nextAt, $0.key) < ($1.value.nextAt, $1.key) }) {
            if let server = host.server, let known = servers[server], known.isBusy || known.nextAt > now {
                continue
            }
            var host = host
            started.append((name, host.waiting.removeFirst()))
            (host.isBusy, host.startedAt, host.asked) = (true, now, host.server)
            if let server = host.server { servers[server, default: Server()].isBusy = true }
            hosts[name] = host
        }
        return started
    }

    /// The time at which the next request may start that waits for nothing but time; `nil` where none does.
    package var nextStart: Instant? {
        var next: Instant?
        for host in hosts.values where !host.isBusy && !host.waiting.isEmpty {
            let server = host.server.flatMap { servers[$0] }
            if server?.isBusy == true { continue }
            let start = max(host.nextAt, server?.nextAt ?? host.nextAt)
            next = min(next ?? start, start)
        }
        return next
    }

    package mutating func end(_ name: String, _ end: End, at now: Instant) {
        guard var host = hosts[name] else { return }
        host.isBusy = false
        let began = host.startedAt ?? now
        var pause = max(settings.delay, host.crawlDelay)
        switch end {
        case .answered(let took):
            (host.failures, host.refusals) = (0, 0)
            pause = max(pause, min(took * settings.slowness, settings.delayMax))
        case .refused(let retryAfter):
            host.refusals += 1
            if let retryAfter {
                // One page may be refused for long; a site that goes on refusing means itself.
                if host.refusals > 2 { pause = max(pause, min(retryAfter, Self.refusalMax)) }
            } else {
                // A minute, two, four, and so on.
                pause = max(pause, min(.seconds(60 << min(host.refusals - 1, 11)), Self.refusalMax))
            }
        case .failed: host.failures += 1
        }
        if settings.delay == .zero { pause = .zero }
        host.nextAt = began + pause
        if let server = host.asked { servers[server] = Server(isBusy: false, nextAt: began + settings.delay) }
        host.asked = nil
        if host.failures >= settings.failuresMax {
            host.nextAt = now + settings.closedFor
            host.failures = 0
        }
        hosts[name] = host
        forgetIdle(before: now)
    }

    /// Hosts that nobody waits for and that need no pause any more.
    private mutating func forgetIdle(before now: Instant) {
        if servers.count > 1000 { servers = servers.filter { $0.value.isBusy || $0.value.nextAt > now } }
        guard hosts.count > 1000 else { return }
        hosts = hosts.filter { $0.value.isBusy || !$0.value.waiting.isEmpty || $0.value.nextAt > now }
    }
}

/// The time that `Retry-After` asks for (RFC 9110 §10.2.3), in seconds or as a date; at most a day.
package enum RetryAfter {
    package static func pause(_ value: String, at now: Instant) -> Duration? {
        let text = value.filter { $0 != " " }
        if !text.isEmpty, text.allSatisfy(\.isNumber) { return .seconds(min(Int64(text) ?? 86_400, 86_400)) }
        guard let date = FeedDate.instant(value) else { return nil }
        return min(max(date - now, .zero), .seconds(86_400))
    }
}
