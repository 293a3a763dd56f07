internal import Records
internal import Routing
internal import Telemetry

/// Counts and times requests by route and class of status. A route's handles are made by its first request: another
/// one costs three atomic additions.
final class RequestMetrics: Sendable {
    private struct Handles: Sendable {
        let counters: [Counter]
        let latency: Histogram
    }

    private let byRoute: [Deferred<Handles>]
    private let unmatched: Deferred<Handles>

    init(_ metrics: Metrics, _ routes: Routes) {
        let requests = metrics.counters(
            "bureau_http_requests_total", "Requests answered.", labels: ["method", "route", "status"],
            seriesMax: (routes.all.count + 1) * 5)
        let latency = metrics.histograms(
            "bureau_http_request_seconds", "Seconds from the head of a request to its answer.",
            labels: ["route"],
            seriesMax: routes.all.count + 1)
        func handles(_ method: String, _ pattern: String) -> Deferred<Handles> {
            Deferred {
                Handles(
                    counters: (1...5).map { requests.with([method, pattern, "\($0)xx"]) },
                    latency: latency.with(["\(method) \(pattern)"]))
            }
        }
        byRoute = routes.all.map { handles($0.method, $0.pattern) }
        unmatched = handles("-", "-")
    }

    func count(_ route: Route?, _ status: Int, _ duration: Duration) {
        let handles = (route.map { byRoute[$0.index] } ?? unmatched).value
        handles.counters[min(max(status / 100, 1), 5) - 1].increment()
        handles.latency.observe(duration)
    }
}
