internal import Nouns
internal import Synchronization
internal import Telemetry

/// The number of deliveries that go to one endpoint at once: an endpoint that is slow or gone holds up its
/// own, and nobody else's. A delivery that finds the lanes taken is told when to come back, spread over the
/// time that those before it will probably take.
final class WebhookLanes: Sendable {
    static let width = 4
    private static let comeBackMax: Duration = .seconds(600)
    private static let endpointsMax = 10_000

    private struct Endpoint {
        var running = 0
        var lastTook: Duration = .seconds(1)
        /// When those that were sent away will have been served.
        var nextFree = Instant(seconds: 0)
    }

    private let endpoints = Mutex<[ID<Webhook>: Endpoint]>([:])

    /// `nil`: go, and `leave` afterwards. Otherwise the time to come back after.
    func enter(_ id: ID<Webhook>, now: Instant) -> Duration? {
        endpoints.withLock { endpoints in
            if endpoints.count > Self.endpointsMax { endpoints = endpoints.filter { $0.value.running > 0 } }
            var endpoint = endpoints[id] ?? Endpoint()
            defer { endpoints[id] = endpoint }
            guard endpoint.running >= Self.width else {
                endpoint.running += 1
                return nil
            }
            let share = Duration.microseconds(endpoint.lastTook.microseconds / Int64(Self.width))
            endpoint.nextFree = max(endpoint.nextFree, now) + max(share, .milliseconds(20))
            return min(endpoint.nextFree - now, Self.comeBackMax)
        }
    }

    func leave(_ id: ID<Webhook>, took: Duration) {
        endpoints.withLock { endpoints in
            endpoints[id]?.running -= 1
            endpoints[id]?.lastTook = took
        }
    }
}
