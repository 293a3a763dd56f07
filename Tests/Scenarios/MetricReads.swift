import Glibc
import JSON
import StandIns
import Synchronization
import Testing

/// Metrics of clients are read by the day out of analytics and advertising services.
@Suite(.ownThread) struct MetricReads {
    let server = BureauProcess.shared

    private func connect(
        _ agency: Agency, _ web: GoogleAnalyticsStandIn, client: JSON?
    ) throws -> JSON {
        var body: JSONObject = [
            "provider": "google_analytics", "capability": "analytics",
            "settings": .object(
                JSONObject(web.settings.members + [("base_url", .string(web.service.url))])),
            "credentials": web.credentials,
        ]
        if let client { body["client_id"] = .string(client.id) }
        return try agency.owner.post("/v1/integrations", .object(body)).ok(201)
    }

    private func started(_ days: ClosedRange<Int> = 1...9) throws -> (Agency, GoogleAnalyticsStandIn, JSON) {
        let (agency, web) = (try server.quietAgency(), try GoogleAnalyticsStandIn())
        for day in days { web.days["2025110\(day)"] = ["sessions": Double(day * 10), "keyEvents": 1] }
        return (agency, web, try connect(agency, web, client: try agency.owner.makeClient()))
    }

    private func sync(
        _ agency: Agency, _ integration: JSON, _ first: String = "2025-11-01", _ last: String = "2025-11-09"
    ) throws -> Answer {
        try agency.owner.post(
            "/v1/integrations/\(integration.id)/sync?wait=PT60S",
            ["from": .string(first), "to": .string(last)])
    }

    private func sessions(_ agency: Agency) throws -> Double {
        try agency.owner.every("/v1/metrics?source=google_analytics&metric=sessions")
            .reduce(0) { $0 + ($1["value"]?.double ?? 0) }
    }

    @Test func `the same days again create nothing, and a changed day takes the old one's place`() throws {
        let (agency, web, integration) = try started()
        let first = try sync(agency, integration).ok()
        #expect(first["created"] == 54 && first["rows"] == 54 && first["updated"] == 0)
        #expect(first.text("through") == "2025-11-09")
        #expect(try sessions(agency) == 450)
        let again = try sync(agency, integration).ok()
        #expect(again["created"] == 0 && again["updated"] == 0)
        web.days["20251109"]?["sessions"] = 200
        #expect(try sync(agency, integration).ok()["updated"] == 1)
        // A day of which nothing is counted any more has none.
        web.days["20251108"] = nil
        #expect(try sync(agency, integration).ok()["updated"] == 2)
        #expect(try sessions(agency) == 450 - 90 + 200 - 80)
        let reads = try agency.owner.every("/v1/metric-reads?integration_id=\(integration.id)")
        #expect(reads.count == 4 && reads.allSatisfy { $0.text("status") == "completed" })
        let use = try agency.owner.get("/v1/integrations/\(integration.id)/use").ok()
        #expect(use["month"]?["calls"] == 4)
        let calls = try agency.owner.every("/v1/tool-calls?integration_id=\(integration.id)")
        #expect(Set(calls.map { $0.text("tool") }) == ["read_metrics"])
    }

    @Test func `without wait there is a job, and long spans are read in parts`() throws {
        let (agency, web, integration) = try started()
        let accepted = try agency.owner.post(
            "/v1/integrations/\(integration.id)/sync", ["from": "2025-08-01", "to": "2025-11-09"])
        let job = try accepted.ok(202)
        #expect(accepted.header("Location") == "/v1/jobs/\(job.id)" && job.text("kind") == "metrics.read")
        try eventuallyTrue("the end") {
            try agency.owner.get("/v1/jobs/\(job.id)").ok().text("state") == "completed"
        }
        #expect(web.service.requests.count == 2)
        #expect(try sessions(agency) == 450)
    }

    @Test func `half an answer and a wrong one change nothing, and are told`() throws {
        let (agency, web, integration) = try started()
        _ = try sync(agency, integration).ok()
        web.days["20251101"]?["sessions"] = 999
        for answer in [
            StandInAnswer(200, #"{"rows":[{"dimensionValues":[{"value":"20251101"}],"metricVal"#),
            StandInAnswer(200, #"{"dimensionHeaders":[{"name":"date"}],"metricHeaders":[],"rowCount":1}"#),
        ] {
            // It may be tried again at once.
            for _ in 0..<20 { web.service.next(.answer(answer)) }
            let told = try agency.owner.post(
                "/v1/integrations/\(integration.id)/sync?wait=PT1S",
                ["from": "2025-11-01", "to": .string("2025-11-0\(answer.body.count % 8 + 2)")])
            #expect(told.status == 202)
            #expect(try sessions(agency) == 450)
        }
        let alerts = try agency.owner.every("/v1/alerts?kind=metrics_unread")
        #expect(alerts.count == 1 && alerts[0]["subject"]?.text("id") == integration.id)
        let waiting = try agency.owner.every("/v1/metric-reads?status=queued")
        #expect(waiting.count == 2 && waiting.allSatisfy { $0["error"]?.text("code") == "invalid_answer" })
        // A good reading ends the alert.
        web.service.behaveAgain()
        _ = try sync(agency, integration, "2025-11-01", "2025-11-01").ok()
        #expect(
            try agency.owner.every("/v1/alerts?kind=metrics_unread").allSatisfy { $0["resolved_at"] != .null }
        )
        #expect(try sessions(agency) == 450 - 10 + 999)
    }

    @Test func `a page that breaks off leaves the pages before it unstored`() throws {
        let (agency, web, integration) = try started()
        web.rowsMax.value = 4
        let good = web.service
        good.next(.wait {})
        for _ in 0..<20 { good.next(.cutAfter) }
        let told = try agency.owner.post(
            "/v1/integrations/\(integration.id)/sync?wait=PT1S", ["from": "2025-11-01", "to": "2025-11-09"])
        #expect(told.status == 202)
        #expect(try agency.owner.every("/v1/metrics").isEmpty)
    }

    @Test func `a service that gives its first page for ever is left soon, and nothing of it is stored`()
        throws
    {
        let (agency, web, integration) = try started()
        let names = ["sessions", "activeUsers", "newUsers", "screenPageViews", "keyEvents", "totalRevenue"]
        let page: JSON = [
            "dimensionHeaders": [["name": "date"]],
            "metricHeaders": .array(names.map { ["name": .string($0)] }),
            "rows": .array(
                (1...3).map { day -> JSON in
                    [
                        "dimensionValues": [["value": .string("2025110\(day)")]],
                        "metricValues": .array(names.map { _ in ["value": "1"] }),
                    ]
                }),
            // Three such pages have as many rows as it counts.
            "rowCount": 9,
        ]
        for _ in 0..<20 { web.service.next(.answer(200, page.serialized)) }
        let told = try sync(agency, integration)
        try told.problem(409, "conflict")
        #expect(told.json["error"]?.text("code") == "cursor_loop", "\(told)")
        #expect(web.service.requests.count == 2)
        #expect(try agency.owner.every("/v1/metrics").isEmpty)
        let alerts = try agency.owner.every("/v1/alerts?kind=metrics_unread")
        #expect(alerts.map { $0["subject"]?.text("id") } == [integration.id])
    }

    @Test func `a service that has been asked too often is left alone, and no token is told`() throws {
        let (agency, web, integration) = try started()
        _ = try sync(agency, integration).ok()
        web.service.next(.answer(GoogleAnalyticsStandIn.fault(429, "RESOURCE_EXHAUSTED")))
        let before = web.service.requests.count
        let told = try agency.owner.post(
            "/v1/integrations/\(integration.id)/sync?wait=PT2S", ["from": "2025-11-01", "to": "2025-11-02"])
        #expect(told.status == 202 && web.service.requests.count - before == 1)
        #expect(try sessions(agency) == 450)
        for path in ["/v1/integrations", "/v1/events", "/v1/jobs", "/v1/metric-reads", "/v1/tool-calls"] {
            #expect(!(try agency.owner.get(path).text).contains(web.token), "\(path)")
        }
        #expect(!server.log.contains(web.token))
    }

    @Test func `an expired token switches the integration to failing`() throws {
        let (agency, web, integration) = try started()
        web.service.next(.answer(GoogleAnalyticsStandIn.fault(401, "UNAUTHENTICATED")))
        let told = try sync(agency, integration)
        try told.problem(409, "conflict")
        #expect(try agency.owner.get("/v1/integrations/\(integration.id)").ok().text("status") == "failing")
        try sync(agency, integration).problem(409, "conflict")
    }

    @Test func `what cannot be read is refused before anything is asked`() throws {
        let (agency, web, integration) = try started()
        let path = "/v1/integrations/\(integration.id)/sync"
        #expect(try agency.owner.post(path, ["from": "2999-01-01"]).faults()["/from"] == "out_of_range")
        #expect(
            try agency.owner.post(path, ["from": "2025-11-02", "to": "2025-11-01"]).faults()
                == ["/from": "out_of_range"])
        #expect(
            try agency.owner.post(path, ["from": "2015-11-02", "to": "2025-11-01"]).faults()
                == ["/from": "out_of_range"])
        let mail = try agency.connect("smtp", "smtp://127.0.0.1:9")
        try sync(agency, mail).problem(409, "conflict")
        // Two properties of one client would write over each other.
        _ = try sync(agency, integration).ok()
        let client = try agency.owner.get("/v1/integrations/\(integration.id)").ok().text("client_id")
        let second = try connect(agency, web, client: ["id": .string(client)])
        try sync(agency, second).problem(409, "conflict")
        #expect(web.service.requests.count == 1)
    }

    @Test func `a connected service is read each day`() throws {
        let (agency, _, integration) = try started()
        let planned = try agency.owner.every("/v1/jobs?kind=metrics.plan")
        #expect(planned.count == 1 && planned[0]["subject"]?.text("id") == integration.id)
        #expect(planned[0].text("state") == "scheduled")
        try agency.owner.patch("/v1/integrations/\(integration.id)", ["name": "Web"]).ok()
        #expect(try agency.owner.every("/v1/jobs?kind=metrics.plan").count == 1)
        let other = try server.quietAgency()
        let own = try connect(other, GoogleAnalyticsStandIn(), client: nil)
        #expect(
            try other.owner.every("/v1/jobs?kind=metrics.plan").map { $0["subject"]?.text("id") } == [own.id])
    }

    @Test func `without a client the metrics are the agency's own, beside those of clients`() throws {
        let (agency, web, integration) = try started()
        _ = try sync(agency, integration).ok()
        let own = try connect(agency, web, client: nil)
        #expect(try sync(agency, own).ok()["created"] == 54)
        let again = try sync(agency, own).ok()
        #expect(again["created"] == 0 && again["updated"] == 0)
        let all = try agency.owner.every("/v1/metrics?metric=sessions")
        #expect(all.count == 18 && all.count { $0["client_id"] == .null } == 9)
        let reads = try agency.owner.every("/v1/metric-reads?integration_id=\(own.id)")
        #expect(reads.count == 2 && reads.allSatisfy { $0["client_id"] == .null })
        // Two of the agency's own would write over each other, as two of one client would.
        try sync(agency, connect(agency, web, client: nil)).problem(409, "conflict")
        // By hand it is the same; and no client's dashboard has what is not theirs.
        let figure: JSON = ["source": "manual", "metric": "calls", "date": "2025-11-01", "value": 3]
        let made = try agency.owner.post("/v1/metrics", figure).ok(201)
        #expect(made["client_id"] == .null)
        #expect(try agency.owner.post("/v1/metrics", figure).ok(200).id == made.id)
        let client = try agency.owner.get("/v1/integrations/\(integration.id)").ok().text("client_id")
        #expect(try agency.owner.every("/v1/metrics?client_id=\(client)&source=manual").isEmpty)
    }

    @Test func `killed between a service's answer and its booking, each day is there once`() throws {
        let server = try BureauProcess.start()
        let (agency, web) = (try server.quietAgency(), try GoogleAnalyticsStandIn())
        for day in 1...9 { web.days["2025110\(day)"] = ["sessions": Double(day * 10), "keyEvents": 1] }
        let integration = try connect(agency, web, client: try agency.owner.makeClient())
        let isHeld = Mutex(true)
        // The first part of two is booked; the second has been asked for, and is not heard.
        web.service.next(.wait {}, .wait { while isHeld.withLock({ $0 }) { usleep(2000) } })
        let path = "/v1/integrations/\(integration.id)/sync"
        try agency.owner.post(path, ["from": "2025-08-01", "to": "2025-11-09"]).ok(202)
        try eventuallyTrue("the second question", every: .milliseconds(2)) {
            web.service.requests.count == 2
        }
        let through = try agency.owner.every("/v1/metric-reads")[0].text("through")
        #expect(through == "2025-11-01")
        server.kill()
        isHeld.withLock { $0 = false }
        try server.start()
        try eventuallyTrue("the end") {
            try agency.owner.every("/v1/metric-reads").map { $0.text("status") } == ["completed"]
        }
        #expect(try sessions(agency) == 450)
        #expect(try agency.owner.every("/v1/metrics").count == 54)
        let read = try agency.owner.every("/v1/metric-reads")[0]
        #expect(read["created"] == 54 && read["updated"] == 0 && read.text("through") == "2025-11-09")
        // Booked days are not asked for again, and the days once more create nothing.
        let asked = try web.service.requests.map { try JSONParser.parse($0.body) }
        #expect(
            asked.map { $0["dateRanges"]?.array?.first?.text("startDate") }
                == ["2025-08-01", "2025-11-02", "2025-11-02"])
        #expect(try sync(agency, integration).ok()["created"] == 0)
    }

    @Test func `a sandbox asks nobody`() throws {
        let web = try GoogleAnalyticsStandIn(), agency = try server.quietAgency()
        let box = try agency.sandbox()
        let client = try box.owner.makeClient()
        let integration = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "google_analytics", "capability": "analytics", "client_id": .string(client.id),
                "settings": ["base_url": .string(web.service.url), "property_id": "123456"],
                "credentials": web.credentials,
            ]
        ).ok(201)
        let told = try box.owner.post(
            "/v1/integrations/\(integration.id)/sync?wait=PT60S", ["from": "2025-11-01", "to": "2025-11-02"])
        try told.problem(409, "conflict")
        #expect(web.service.requests.isEmpty)
        for path in ["/v1/metrics", "/v1/metric-reads", "/v1/jobs?kind=metrics.read"] {
            #expect(try box.owner.every(path).isEmpty, "\(path)")
        }
    }

    @Test func `a service that gives up over so many days is asked for each half of them`() throws {
        let (agency, web) = (try server.quietAgency(), try AdobeAnalyticsStandIn())
        for day in 1...4 { web.days["2025110\(day)"] = ["visits": Double(day * 10)] }
        let made = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "adobe_analytics", "capability": "analytics",
                "client_id": .string(try agency.owner.makeClient().id),
                "settings": .object(
                    JSONObject(web.settings.members + [("base_url", .string(web.service.url))])),
                "credentials": ["access_token": .string(web.token), "api_key": .string(web.key)],
            ]
        ).ok(201)
        web.service.next(.answer(504, ""))
        let told = try sync(agency, made, "2025-11-01", "2025-11-04").ok()
        #expect(told["created"] == 4 && told.text("through") == "2025-11-04", "\(told)")
        let visits = try agency.owner.every("/v1/metrics?source=adobe_analytics&metric=visits")
        #expect(visits.reduce(0) { $0 + ($1["value"]?.double ?? 0) } == 100)
        #expect(web.service.requests.count { $0.target.hasSuffix("/reports") } == 3)
        // Twelve requests in six seconds are what all have together.
        #expect(try agency.owner.get("/v1/integrations/\(made.id)").ok()["limits"]?["minute"] == 120)
    }
}
