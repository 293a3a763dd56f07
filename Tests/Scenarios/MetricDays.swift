import Foundation
import JSON
import StandIns
import Testing

/// The daily reading of figures, and days that services still change.
@Suite(.ownThread) struct MetricDays {
    /// A service of figures by the day.
    private struct Figures {
        let days: DayShelf, service: ServiceStandIn
        let credentials: JSON
        let settings: JSONObject
        /// Its name of a figure, and ours.
        let figure: String, metric: String
        var capability = "advertising"

        init(_ name: String) throws {
            switch name {
            case "google_analytics":
                let web = try GoogleAnalyticsStandIn()
                (days, service, credentials) = (web.days, web.service, web.credentials)
                (settings, figure, metric, capability) = (web.settings, "sessions", "sessions", "analytics")
            case "adobe_analytics":
                let web = try AdobeAnalyticsStandIn()
                (days, service, credentials) = (web.days, web.service, web.credentials)
                (settings, figure, metric, capability) = (web.settings, "visits", "visits", "analytics")
            case "google_ads":
                let ads = try GoogleAdsStandIn()
                (days, service, credentials) = (ads.days, ads.service, ads.credentials)
                (settings, figure, metric) = (ads.settings, "clicks", "clicks")
            default:
                let ads = try MetaAdsStandIn()
                (days, service, credentials) = (ads.days, ads.service, ads.credentials)
                (settings, figure, metric) = (ads.settings, "clicks", "clicks")
            }
        }
    }

    private let end = try! Date(iso: "2027-01-11T08:00:00.000Z")

    /// So many days before the last that is read: `2027-01-11`.
    private func day(_ before: Int) -> String {
        String((end - 86_400 * Double(before)).iso.prefix(10))
    }

    private func connect(_ name: String, _ web: Figures, _ owner: Caller) throws -> String {
        for number in 0...32 { web.days[day(number).filter { $0 != "-" }] = [web.figure: 10] }
        return try owner.post(
            "/v1/integrations",
            [
                "provider": .string(name), "capability": .string(web.capability),
                "client_id": .string(try owner.makeClient().id),
                "settings": .object(
                    JSONObject(web.settings.members + [("base_url", .string(web.service.url))])),
                "credentials": web.credentials,
            ]
        ).ok(201).id
    }

    /// The last of so many readings of an integration, once all have ended.
    private func reading(_ count: Int, of integration: String, _ owner: Caller) throws -> JSON {
        try eventually("reading \(count)") {
            let reads = try owner.every("/v1/metric-reads?integration_id=\(integration)")
            let isOver = reads.count == count && reads.allSatisfy { $0.text("status") == "completed" }
            return isOver ? reads.max { $0.id < $1.id } : .none
        }
    }

    private func figures(_ name: String, _ web: Figures, _ owner: Caller) throws -> [String: Double] {
        let all = try owner.every("/v1/metrics?source=\(name)&metric=\(web.metric)")
        return Dictionary(all.map { ($0.text("date"), $0["value"]?.double ?? 0) }, uniquingKeysWith: +)
    }

    @Test func `each day services are read by themselves, and again for as long as they may change a day`()
        throws
    {
        let clock = try MovedClock(at: end - 86_400 + 4 * 3600)
        let server = try BureauProcess.start(variables: clock.variables), agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        let services = try [
            ("google_analytics", 3), ("adobe_analytics", 3), ("google_ads", 7), ("meta_ads", 28),
        ].map { name, settling in
            let web = try Figures(name)
            return (name, settling, web, try connect(name, web, agency.owner))
        }
        /// The owner on another morning, at which what is planned is due.
        func morning(_ date: Date) throws -> Caller {
            _ = server.stop()
            try clock.move(to: date)
            try server.start()
            return server.caller(try agency.signIn().text("access_token"))
        }
        let first = try morning(end)
        for (name, settling, web, integration) in services {
            let read = try reading(1, of: integration, first)
            #expect(read.text("first_day") == day(30) && read.text("through") == day(1), "\(name): \(read)")
            let before = try figures(name, web, first)
            #expect(before.count == 30 && Set(before.values).count == 1, "\(name): \(before)")
            // The last day that may still change, and the first that may not.
            for number in [settling - 1, settling] {
                web.days[day(number).filter { $0 != "-" }]?[web.figure] = 25
            }
        }
        let second = try morning(end + 86_400)
        for (name, settling, web, integration) in services {
            let read = try reading(2, of: integration, second)
            #expect(read.text("first_day") == day(settling - 1), "\(name): \(read)")
            #expect(read.text("last_day") == day(0), "\(name): \(read)")
            let after = try figures(name, web, second), old = after[day(30)] ?? 0
            #expect(after[day(settling - 1)] == old * 2.5 && after[day(settling)] == old, "\(name): \(after)")
            // By hand any day is read again; the same days once more create nothing.
            let sync = "/v1/integrations/\(integration)/sync?wait=PT60S"
            let all: JSON = ["from": .string(day(30)), "to": .string(day(0))]
            #expect(try second.post(sync, all).ok()["created"] == 0, "\(name)")
            #expect(try figures(name, web, second)[day(settling)] == old * 2.5, "\(name)")
            let again = try second.post(sync, all).ok()
            #expect(again["created"] == 0 && again["updated"] == 0, "\(name): \(again)")
        }
    }
}
