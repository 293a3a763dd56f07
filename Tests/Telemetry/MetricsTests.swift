import Telemetry
import Testing

@Suite struct MetricsTests {
    private func text(_ metrics: Metrics) -> String { String(decoding: metrics.render(), as: UTF8.self) }

    @Test func `families are rendered as Prometheus reads them`() {
        let metrics = Metrics()
        let requests = metrics.counters(
            "http_requests_total", "Requests.\nBy route.", labels: ["route", "status"])
        requests.with("/v1/leads", "200").increment(by: 3)
        requests.with("/v1/leads", "200").increment()
        requests.with("a\"b\\c\nd", "404").increment()
        metrics.gauge("queue_depth", "Waiting jobs.").set(2.5)
        metrics.gauge("ready", "Whether it is ready.") { .infinity }
        metrics.gauges("lag_seconds", "Lag.", labels: ["queue"]) { [(labels: ["mail"], value: 0.25)] }
        let latency = metrics.histogram("latency_seconds", "Latency.", buckets: [0.1, 1])
        for seconds in [0.05, 0.1, 0.5, 7] { latency.observe(seconds) }
        latency.observe(.milliseconds(250))
        #expect(
            text(metrics) == """
                # HELP http_requests_total Requests. By route.
                # TYPE http_requests_total counter
                http_requests_total{route="/v1/leads",status="200"} 4
                http_requests_total{route="a\\"b\\\\c\\nd",status="404"} 1
                # HELP queue_depth Waiting jobs.
                # TYPE queue_depth gauge
                queue_depth 2.5
                # HELP ready Whether it is ready.
                # TYPE ready gauge
                ready +Inf
                # HELP lag_seconds Lag.
                # TYPE lag_seconds gauge
                lag_seconds{queue="mail"} 0.25
                # HELP latency_seconds Latency.
                # TYPE latency_seconds histogram
                latency_seconds_bucket{le="0.1"} 2
                latency_seconds_bucket{le="1"} 4
                latency_seconds_bucket{le="+Inf"} 5
                latency_seconds_sum 7.9
                latency_seconds_count 5

                """)
    }

    @Test func `a family over its limit counts the rest as other`() {
        let metrics = Metrics()
        let family = metrics.counters("hits_total", "Hits.", labels: ["a", "b"], seriesMax: 2)
        for value in ["1", "2", "3", "4", "3", "1"] { family.with(value, "x").increment() }
        let lines = text(metrics).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "hits_total{a=\"1\",b=\"x\"} 2", "hits_total{a=\"2\",b=\"x\"} 1",
                "hits_total{a=\"other\",b=\"other\"} 3",
            ])
    }

    @Test func `the same declaration twice is one family`() {
        let metrics = Metrics()
        metrics.counter("a_total", "A.").increment()
        metrics.counter("a_total", "A.").increment()
        #expect(text(metrics).contains("a_total 2\n"))
    }

    @Test func `counts of many threads are all there`() async {
        let metrics = Metrics()
        let (counter, gauge) = (metrics.counter("a_total", "A."), metrics.gauge("b", "B."))
        let histogram = metrics.histogram("c", "C.", buckets: [1])
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.increment()
                        gauge.increment(by: 2)
                        gauge.decrement()
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 40_000 && gauge.value == 40_000)
        #expect(
            text(metrics).contains("c_bucket{le=\"1\"} 40000\nc_bucket{le=\"+Inf\"} 40000\nc_sum 20000\n"))
    }

    @Test func `the process's figures are there and sane`() throws {
        let metrics = Metrics()
        metrics.registerProcess()
        let samples = Dictionary(
            uniqueKeysWithValues: text(metrics).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
                line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), Double(parts[1])!)
            })
        let now = Double(Instant.wallClock().seconds)
        #expect((1e6...1e11).contains(try #require(samples["process_resident_memory_bytes"])))
        #expect((0.001...1e5).contains(try #require(samples["process_cpu_seconds_total"])))
        #expect((3...100_000).contains(try #require(samples["process_open_fds"])))
        #expect((1...10_000).contains(try #require(samples["process_threads"])))
        #expect((now - 86_400...now + 2).contains(try #require(samples["process_start_time_seconds"])))
        #expect(try #require(samples["process_max_fds"]) >= 64)
    }
}
