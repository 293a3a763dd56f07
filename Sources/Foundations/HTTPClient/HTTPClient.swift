internal import Synchronization
internal import Telemetry

/// The settings of a client. They hold what a test changes: names, waiting, chance.
package struct HTTPClientConfiguration: Sendable {
    package var addresses: AddressGuard
    package var userAgent = "Bureau/1"
    package var connectionsMax = 256
    package var connectionsPerHostMax = 16
    /// Hosts that are found elsewhere than their names say; the first that fits counts.
    package var connectTo: [ConnectionRoute] = []
    /// A file of certificates to trust instead of the system's.
    package var certificates: String?
    /// Seeds the pauses between attempts.
    package var seed: UInt64
    /// Pauses; throws when the task is cancelled.
    package var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    var lookUp: @Sendable (String) -> [IPAddress] = systemLookUp

    package init(_ addresses: AddressGuard, seed: UInt64 = 0) {
        (self.addresses, self.seed) = (addresses, seed)
    }
}

/// Asks the world outside: HTTP/1.1 and 2 over pooled connections, to addresses that may be called. Variables
/// such as http_proxy are not heeded: they would lead around the guard. The library and its thread start with
/// the first request.
package final class HTTPClient: Sendable {
    package var addresses: AddressGuard { configuration.addresses }

    /// Throws for a `url` that can be seen not to do: it leads inside, or has no TLS, without which only private
    /// addresses are called, where they may be, and hosts that an operator leads elsewhere. What a name leads to is
    /// known when it is called.
    package func check(_ url: OutboundURL) throws(HTTPClientError) {
        try addresses.check(url)
        let mayBePlain = addresses.allowsPrivate || configuration.connectTo.contains { $0.fits(url) }
        guard url.isSecure || mayBePlain else { throw .invalidURL("it must begin with https://") }
    }

    /// Returns the address to which a host's name leads, and which hosts on one server have in common; `nil` where it
    /// leads nowhere, or an operator leads it elsewhere.
    @concurrent package func server(of url: OutboundURL) async -> String? {
        guard !configuration.connectTo.contains(where: { $0.fits(url) }) else { return nil }
        if let address = url.address { return address.description }
        let found = await withCheckedContinuation { continuation in
            loop.resolver.resolve(url.host) { continuation.resume(returning: $0) }
        }
        // Of several it is the same one whatever their order.
        return try? found.get().map(\.description).min()
    }

    private let configuration: HTTPClientConfiguration
    private let loop: TransferLoop
    private let random: Mutex<SplitMix>

    package init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        loop = TransferLoop(configuration)
        random = Mutex(SplitMix(state: configuration.seed))
    }

    deinit { loop.stop() }

    /// Ends what is on its way, and takes nothing more.
    package func close() { loop.stop() }

    /// The whole answer, whatever its status. Throws `HTTPClientError`, and `CancellationError` when the task
    /// is cancelled, which ends the transfer.
    @concurrent package func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let end = Instant.steadyClock() + request.deadline
        var attempt = 1
        while true {
            let outcome: Result<HTTPClientResponse, any Error>
            do {
                outcome = .success(
                    try await follow(request, until: end) { try await loop.run($0, until: $1) })
            } catch {
                outcome = .failure(error)
            }
            let pause = random.withLock { random in
                request.retry.pause(after: attempt, of: request, outcome, using: &random)
            }
            guard let pause, Instant.steadyClock() + pause < end else { return try outcome.get() }
            try await configuration.wait(pause)
            attempt += 1
        }
    }

    /// The answer's head, and its body as it comes. Not compressed, and never repeated.
    @concurrent package func stream(_ request: HTTPClientRequest) async throws -> HTTPClientStream {
        try await follow(request, until: .steadyClock() + request.deadline) { request, deadline in
            let (head, transfer) = try await loop.begin(request, until: deadline)
            return HTTPClientStream(
                status: head.status, headers: head.headers, body: HTTPClientBody(transfer, loop, of: self))
        }
    }

    /// One request after another, each to an address that is checked anew, until an answer leads no further.
    private func follow<Answer: RedirectableAnswer>(
        _ request: HTTPClientRequest, until end: Instant,
        _ ask: (HTTPClientRequest, Instant) async throws -> Answer
    ) async throws -> Answer {
        var request = request
        var redirects = 0
        try request.check()
        while true {
            try configuration.addresses.check(request.url)
            let answer = try await ask(request, end)
            guard request.redirectsMax > 0, [301, 302, 303, 307, 308].contains(answer.status),
                let location = answer.headers.first(where: { $0.name.isSameHeader(as: "Location") })?.value
            else { return answer }
            redirects += 1
            guard redirects <= request.redirectsMax else {
                throw HTTPClientError.tooManyRedirects(limit: request.redirectsMax)
            }
            let target = try request.url.redirected(to: location)
            if request.url.isSecure, !target.isSecure { throw HTTPClientError.downgrade }
            request = request.redirected(to: target, status: answer.status)
        }
    }
}

/// The parts of an answer that tell the client whether it has to ask elsewhere.
private protocol RedirectableAnswer {
    var status: Int { get }
    var headers: [(name: String, value: String)] { get }
}

extension HTTPClientResponse: RedirectableAnswer {}
extension HTTPClientStream: RedirectableAnswer {}

/// SplitMix64 (G. Steele and others, 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
