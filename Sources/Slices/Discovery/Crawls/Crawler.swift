internal import Crawling
internal import HTTPClient
internal import Jobs
internal import Markup
internal import Telemetry

/// The one crawler of the process: asks the hosts of all crawls of all agencies, each one thing at a time, and keeps
/// their rules for a while. Where several processes share a database, they share the turns of hosts, too.
actor Crawler {
    /// The longest wait of a crawl for a host that asks to be left alone.
    static let pauseMax = Duration.seconds(60)
    /// The time for which rules are kept, where their site does not name a shorter one; they are never asked for more
    /// often than once a minute.
    static let rulesAge = Duration.seconds(3600)
    private static let rulesAgeMin = Duration.seconds(60)
    private static let rulesMax = 1000

    nonisolated let userAgent: String
    /// Its name in `robots.txt` and on pages.
    nonisolated static let name = "BureauBot"
    private let client: HTTPClient
    private let turns: CrawlTurns?
    private let delay: Duration
    private var queues: HostQueues<Int>
    private var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var tickets = 0
    private var timer: Task<Void, Never>?
    private var rules: [String: (answer: Task<SiteAnswer, Never>, at: Instant, age: Duration)] = [:]

    /// `turns` are those that other processes know of.
    init(_ client: HTTPClient, userAgent: String, delay: Duration, sharing turns: CrawlTurns? = nil) {
        (self.client, self.userAgent, self.delay) = (client, userAgent, delay)
        self.turns = delay > .zero ? turns : nil
        var settings = HostQueues<Int>.Settings()
        settings.delay = delay
        queues = HostQueues(settings)
    }

    /// Why a host is not asked: it wants to be left alone for longer than a crawl waits.
    struct Closed: Error {}

    /// Asks for one address when it is its host's turn, or sends it a form. `willAsk` runs when it is, before anything
    /// leaves.
    func ask(
        _ address: PageAddress, headers: [(name: String, value: String)] = [], form: [UInt8]? = nil,
        bodyLimit: HTTPClientRequest.BodyLimit,
        within limit: Duration, willAsk: @Sendable () async throws -> Void = {}
    ) async throws -> (response: HTTPClientResponse, took: Duration) {
        let server = await server(of: address)
        try await waitForTurn(at: address.host, on: server)
        do {
            try await takeTurn(at: address.host, server, within: limit)
        } catch {
            finish(address.host, .answered(took: .zero))
            throw error
        }
        var end = HostQueues<Int>.End.failed
        let answer: Result<(response: HTTPClientResponse, took: Duration), any Error>
        do {
            answer = .success(
                try await send(address, headers, form, bodyLimit, within: limit, &end, willAsk: willAsk))
        } catch {
            answer = .failure(error)
        }
        finish(address.host, end)
        await leaveTurn(at: address.host, server)
        return try answer.get()
    }

    private func send(
        _ address: PageAddress, _ headers: [(name: String, value: String)], _ form: [UInt8]?,
        _ bodyLimit: HTTPClientRequest.BodyLimit, within limit: Duration, _ end: inout HostQueues<Int>.End,
        willAsk: @Sendable () async throws -> Void
    ) async throws -> (response: HTTPClientResponse, took: Duration) {
        do {
            let method = form == nil ? "GET" : "POST"
            var request = HTTPClientRequest(method, try OutboundURL(address.description), body: form)
            request.headers =
                [("User-Agent", userAgent), ("Accept", "text/html,application/xhtml+xml,*/*;q=0.5")] + headers
            (request.deadline, request.bodyLimit, request.redirectsMax) = (limit, bodyLimit, 0)
            request.takesCutAnswers = true
            try await willAsk()
            let began = Instant.steadyClock()
            queues.begin(address.host, at: began)
            let response = try await client.send(request)
            if response.status == 429 || response.status == 503 {
                let pause = response.header("Retry-After").flatMap { RetryAfter.pause($0, at: .wallClock()) }
                end = .refused(retryAfter: pause)
            } else {
                end = .answered(took: Instant.steadyClock() - began)
            }
            return (response, Instant.steadyClock() - began)
        } catch let error as HTTPClientError {
            switch error {
            case .tooLarge, .refusedAddress, .invalidURL, .invalidRequest: end = .answered(took: .zero)
            default: break
            }
            throw error
        } catch {
            end = .answered(took: .zero)
            throw error
        }
    }

    // MARK: Turns

    /// Returns where a host stands; `nil` where it does not matter, since no host is spared.
    private func server(of address: PageAddress) async -> String? {
        guard delay > .zero, let url = try? OutboundURL(address.description) else { return nil }
        return await client.server(of: url)
    }

    private func waitForTurn(at host: String, on server: String?) async throws {
        if let pause = queues.pause(of: host, at: .steadyClock()), pause > Self.pauseMax { throw Closed() }
        tickets += 1
        let ticket = tickets
        let isGranted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: false) }
                waiting[ticket] = continuation
                queues.add(ticket, for: host, on: server)
                startDue()
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
        guard isGranted else { throw CancellationError() }
    }

    /// Waits for the turn among all processes.
    private func takeTurn(at host: String, _ server: String?, within limit: Duration) async throws {
        guard let turns else { return }
        let lease = limit + CrawlTurns.grace
        while let pause = try await turns.take([host] + (server.map { [$0] } ?? []), for: lease) {
            if pause > Self.pauseMax { throw Closed() }
            await systemWait(until: .steadyClock() + pause)
            try Task.checkCancellation()
        }
    }

    private func leaveTurn(at host: String, _ server: String?) async {
        guard let turns else { return }
        var rests = [host: queues.pause(of: host, at: .steadyClock()) ?? .zero]
        if let server { rests[server] = delay }
        await turns.leave(rests)
    }

    private func giveUp(_ ticket: Int) {
        guard let continuation = waiting.removeValue(forKey: ticket) else { return }
        queues.remove { $0 == ticket }
        continuation.resume(returning: false)
    }

    private func finish(_ host: String, _ end: HostQueues<Int>.End) {
        queues.end(host, end, at: .steadyClock())
        startDue()
    }

    private func startDue() {
        for (host, ticket) in queues.start(at: .steadyClock()) {
            if let continuation = waiting.removeValue(forKey: ticket) {
                continuation.resume(returning: true)
            } else {
                queues.end(host, .answered(took: .zero), at: .steadyClock())
            }
        }
        timer?.cancel()
        timer = nil
        guard let next = queues.nextStart else { return }
        timer = Task { [weak self] in
            await systemWait(until: next)
            if !Task.isCancelled { await self?.startDue() }
        }
    }

    // MARK: Rules

    /// Returns a site's answer to the question for its rules; crawls that want them at the same time ask once.
    func rules(of page: PageAddress) async -> SiteAnswer {
        let answer = await kept("/robots.txt", of: page)
        if case .rules(let found) = answer.verdict, let delay = found.crawlDelay {
            queues.ask(page.host, toPause: delay)
        }
        return answer
    }

    /// Returns a site's answer to the question for what it reserves; it is kept as its rules are.
    func reservations(of page: PageAddress) async -> SiteAnswer {
        await kept(MiningReservations.path, of: page)
    }

    private func kept(_ path: String, of page: PageAddress) async -> SiteAnswer {
        let key = page.origin + path, now = Instant.wallClock()
        if let known = rules[key], (Duration.zero..<known.age).contains(now - known.at) {
            return await known.answer.value
        }
        if rules.count >= Self.rulesMax {
            rules = rules.filter { now - $0.value.at < Self.rulesAgeMin }
        }
        let task = Task { await self.ask(for: path, of: page) }
        rules[key] = (task, now, Self.rulesAge)
        let answer = await task.value
        if answer.isLasting {
            rules[key]?.age = answer.age
        } else {
            // The next crawl asks again where the trouble may pass.
            rules[key] = nil
        }
        return answer
    }

    /// Follows redirects, also to other hosts: what is said there holds for the site.
    private func ask(for path: String, of page: PageAddress) async -> SiteAnswer {
        guard var address = page.with(path: path) else { return SiteAnswer(status: nil) }
        for hop in 0...5 {
            do {
                let response = try await ask(
                    address, bodyLimit: .truncate(RobotsRules.bytesMax), within: .seconds(20)
                ).response
                if response.isCut { return SiteAnswer(status: nil) }
                guard [301, 302, 303, 307, 308].contains(response.status),
                    let target = response.header("Location")
                else {
                    let told = response.header("Cache-Control").flatMap(PublicVisit.age) ?? Self.rulesAge
                    return SiteAnswer(
                        status: response.status, body: response.body,
                        age: max(Self.rulesAgeMin, min(Self.rulesAge, told)))
                }
                guard let next = PageAddress(target, from: address) else { break }
                address = next
            } catch HTTPClientError.refusedAddress {
                return SiteAnswer(status: nil, isRefused: hop == 0)
            } catch {
                return SiteAnswer(status: nil)
            }
        }
        return SiteAnswer(status: 404)
    }
}

/// A site's answer to the question for its `robots.txt`, or for what it reserves.
struct SiteAnswer: Sendable {
    /// `nil`: there was no answer.
    let status: Int?
    /// The site is where this installation does not call.
    let isRefused: Bool
    let body: [UInt8]
    let verdict: RobotsVerdict
    /// The time for which it holds.
    let age: Duration

    init(
        status: Int?, isRefused: Bool = false, body: [UInt8] = [], age: Duration = Crawler.rulesAge
    ) {
        (self.status, self.isRefused, self.body, self.age) = (status, isRefused, body, age)
        verdict = RobotsVerdict(status: status, body: body, for: Crawler.name)
    }

    /// Returns whether its file reserves an address for its own text and data mining.
    func reserves(_ address: PageAddress) -> Bool {
        guard let status, (200..<300).contains(status) else { return false }
        return MiningReservations(body).isReserved(address.target) == true
    }

    /// Whether its rules let its reservations be asked for.
    var allowsReservations: Bool {
        if case .rules(let rules) = verdict { rules.allows(MiningReservations.path) } else { false }
    }

    var isLasting: Bool { status.map { (200..<300).contains($0) || $0 == 404 || $0 == 410 } ?? false }
}
