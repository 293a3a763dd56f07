import Foundation
import JSON
import Testing

@Suite(.ownThread) struct ClientMetrics {
    let server = BureauProcess.shared

    private func figure(_ client: JSON, _ day: Int, _ value: JSON, _ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "client_id": .string(client.id), "source": "google_ads", "metric": "clicks",
            "date": .string("2030-01-" + (day < 10 ? "0\(day)" : "\(day)")), "value": value,
        ]
        for (key, value) in more.members { body[key] = value }
        return .object(body)
    }

    @Test func `a figure of the same day takes the old one's place`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let first = try owner.post("/v1/metrics", figure(client, 1, 10)).ok(201)
        let again = try owner.post("/v1/metrics", figure(client, 1, 12.5)).ok(200)
        #expect(again.id == first.id && again["value"] == 12.5 && again["version"] == 2)
        try owner.post("/v1/metrics", figure(client, 1, 3, ["metric": "cost", "unit": "EUR"])).ok(201)
        let many = try owner.post(
            "/v1/metrics", ["data": .array((1...31).map { figure(client, $0, .integer(Int64($0))) })]
        ).ok(200)
        #expect(many["created"] == 30 && many["updated"] == 1)
        #expect(many["ids"]?.array?.first == .string(first.id))
        #expect(try owner.every("/v1/metrics?client_id=\(client.id)&metric=clicks").count == 31)
        #expect(try owner.every("/v1/metrics?source=google_ads&date[gte]=2030-01-30").count == 2)
        #expect(try owner.every("/v1/metrics?date[lt]=2030-01-02&sort=date").count == 2)
        #expect(try owner.get("/v1/metrics/\(first.id)").ok()["value"] == 1)
    }

    @Test func `figures come over the stream as they are stored, to their own agency alone`() throws {
        let (owner, stranger) = (try server.quietAgency().owner, try server.quietAgency().owner)
        let client = try owner.makeClient()
        let stream = try EventStream(owner, "/v1/events/stream?types=metric.*")
        let elsewhere = try EventStream(stranger, "/v1/events/stream?types=metric.*")
        let made = try owner.post("/v1/metrics", figure(client, 1, 10)).ok(201)
        let told = try stream.wait(for: "metric.created")[0].data
        #expect(told["subject"]?.id == made.id && told.serialized.contains("\"value\":10"))
        try owner.post("/v1/metrics", figure(client, 1, 12.5)).ok(200)
        #expect(try stream.wait(for: "metric.updated")[0].data.serialized.contains("12.5"))
        #expect(elsewhere.events.isEmpty)
    }

    @Test func `nothing of a list with a fault is taken, and each fault has its place`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let stranger = try server.quietAgency().owner
        let theirs = try stranger.makeClient()
        let data: JSON = [figure(client, 1, 1), figure(client, 32, "x"), ["value": 1], 7]
        #expect(
            try owner.post("/v1/metrics", ["data": data]).faults() == [
                "/data/1/date": "invalid_date", "/data/1/value": "wrong_type",
                "/data/2/source": "required", "/data/2/metric": "required",
                "/data/2/date": "required", "/data/3": "wrong_type",
            ])
        let foreign: JSON = ["data": [figure(client, 1, 1), figure(theirs, 1, 1)]]
        #expect(try owner.post("/v1/metrics", foreign).faults() == ["/data/1/client_id": "unknown_reference"])
        #expect(
            try owner.post("/v1/metrics", ["data": [], "x": 1]).faults() == [
                "/data": "required", "/x": "unknown_field",
            ])
        let many = JSON.array(Array(repeating: figure(client, 1, 1), count: 1001))
        #expect(try [413, 422].contains(owner.post("/v1/metrics", ["data": many]).status))
        #expect(try owner.every("/v1/metrics").isEmpty, "all or nothing")
        try stranger.get("/v1/metrics?client_id=\(client.id)").ok()
    }

    @Test func `figures come in from files by the client's name, and go out again`() throws {
        let agency = try server.quietAgency(), client = try agency.owner.makeClient()
        let file = csv(
            ["Account", "Channel", "KPI", "Day", "Count"],
            [
                ["Example GmbH", "meta_ads", "views", "2030-02-01", "1200"],
                ["Example GmbH", "meta_ads", "views", "2030-02-02", "1300"],
                ["Nobody AG", "meta_ads", "views", "2030-02-02", "1"],
            ])
        let state = try agency.bringIn("metrics", file)
        #expect(counts(state)[0] == 2, "\(state.serialized)")
        let figures = try agency.owner.every("/v1/metrics?client_id=\(client.id)&sort=date")
        #expect(figures.map { $0["value"]?.double } == [1200, 1300])
        #expect(figures.map { $0.text("source") } == ["meta_ads", "meta_ads"])
        // That file once more: nothing is there twice.
        _ = try agency.bringIn("metrics", file)
        #expect(try agency.owner.every("/v1/metrics").count == 2)
        #expect(try agency.taken("metrics", "csv").text.contains("meta_ads"))
    }
}
