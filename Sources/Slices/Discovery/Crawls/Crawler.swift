internal import Crawling
internal import HTTPClient
internal import Jobs
internal import Markup
internal import Telemetry

/// The one crawler of the process: asks the hosts of all crawls of all agencies, each one thing at a time, and keeps
/// their rules for a while.
actor Crawler {
    /// How long a crawl waits for a host that asks to be left alone.
    static let pauseMax = Duration.seconds(60)
    private static let rulesAge = Duration.seconds(3600)
    private static let rulesMax = 1000

    nonisolated let userAgent: String
    /// Its name in `robots.txt` and on pages.
    nonisolated static let name = "BureauBot"
    private let client: HTTPClient
    private var queues: HostQueues<Int>
    private var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var tickets = 0
    private var timer: Task<Void, Never>?
    private var rules: [String: (answer: Task<SiteAnswer, Never>, at: Instant)] = [:]

    init(_ client: HTTPClient, userAgent: String, delay: Duration) {
        (self.client, self.userAgent) = (client, userAgent)
        var settings = HostQueues<Int>.Settings()
        settings.delay = delay
        queues = HostQueues(settings)
    }

    /// Why a host is not asked: it wants to be left alone for longer than a crawl waits.
    struct Closed: Error {}

    /// Asks for one address when it is its host's turn. `willAsk` runs when it is, before anything leaves.
    func ask(
        _ address: PageAddress, headers: [(name: String, value: String)] = [],
        bodyLimit: HTTPClientRequest.BodyLimit,
        within limit: Duration, willAsk: @Sendable () async throws -> Void = {}
    ) async throws -> (response: HTTPClientResponse, took: Duration) {
        try await waitForTurn(at: address.host)
        var end = HostQueues<Int>.End.failed
        defer { finish(address.host, end) }
        do {
            var request = HTTPClientRequest("GET", try OutboundURL(address.description))
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

    private func waitForTurn(at host: String) async throws {
        if let pause = queues.pause(of: host, at: .steadyClock()), pause > Self.pauseMax { throw Closed() }
        tickets += 1
        let ticket = tickets
        let isGranted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: false) }
                waiting[ticket] = continuation
                queues.add(ticket, for: host)
                startDue()
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
        guard isGranted else { throw CancellationError() }
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
        let key = page.origin + path, now = Instant.steadyClock()
        if let known = rules[key], now - known.at < Self.rulesAge { return await known.answer.value }
        if rules.count >= Self.rulesMax {
            rules = rules.filter { now - $0.value.at < .seconds(60) }
        }
        let task = Task { await self.ask(for: path, of: page) }
        rules[key] = (task, now)
        let answer = await task.value
        // The next crawl asks again where the trouble may pass.
        if !answer.isLasting { rules[key] = nil }
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
                else { return SiteAnswer(status: response.status, body: response.body) }
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

    init(status: Int?, isRefused: Bool = false, body: [UInt8] = []) {
        (self.status, self.isRefused, self.body) = (status, isRefused, body)
        verdict = RobotsVerdict(status: status, body: body, for: Crawler.name)
    }

    /// Whether its file reserves an address for its own text and data mining.
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
