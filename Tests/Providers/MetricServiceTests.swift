import HTTPClient
import Integrations
import JSON
import Providers
import Records
import StandIns
import Telemetry
import Testing

@testable import Agents

/// Analytics and advertising services are read by the day, and nothing that is not whole or no number counts.
@Suite struct MetricServiceTests {
    private func day(_ text: String) -> CivilDate { CivilDate(iso: text)! }

    /// Asks for days, page by page.
    private func read(
        _ service: any MetricService, _ access: IntegrationAccess, _ first: String = "2026-11-01",
        _ last: String = "2026-11-10"
    ) async throws(ToolFailure) -> [DailyMetric] {
        var found: [DailyMetric] = [], cursor: String?
        repeat {
            let page = try await service.page(
                from: day(first), through: day(last), after: cursor, access, ConnectorCall())
            found += page.metrics
            cursor = page.next
        } while cursor != nil
        return found
    }

    private func sum(_ metrics: [DailyMetric], _ name: String) -> Double {
        metrics.filter { $0.metric == name }.reduce(0) { $0 + $1.value }
    }

    private func failure(_ service: any MetricService, _ access: IntegrationAccess) async -> ToolFailure? {
        do throws(ToolFailure) {
            _ = try await read(service, access)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Google Analytics

    private func analytics() throws -> (GoogleAnalyticsStandIn, GoogleAnalytics, IntegrationAccess) {
        let standIn = try GoogleAnalyticsStandIn()
        for day in 1...9 { standIn.days["2026110\(day)"] = ["sessions": Double(day), "totalRevenue": 1.5] }
        return (
            standIn, GoogleAnalytics(makeClient(), now: { MailRig.now }, deadline: .seconds(2)),
            makeAccess(standIn.service.url, standIn.settings, ["access_token": standIn.token])
        )
    }

    @Test func `Google Analytics is read by the columns that its headers name, page by page`() async throws {
        let (standIn, service, access) = try analytics()
        let whole = try await read(service, access)
        #expect(sum(whole, "sessions") == 45 && sum(whole, "totalRevenue") == 13.5)
        #expect(whole.first { $0.metric == "totalRevenue" }?.unit == "EUR")
        #expect(whole.first { $0.metric == "sessions" }?.unit == nil)
        standIn.rowsMax.value = 4
        #expect(try await read(service, access) == whole)
        #expect(standIn.service.requests.count == 4)
        // A time without visits has neither rows nor a count of them.
        #expect(try await read(service, access, "2025-01-01", "2025-01-31").isEmpty)
        guard case .good = await service.check(access) else { return #expect(Bool(false)) }
    }

    @Test(arguments: [
        #"{"rows":[{"dimensionValues":[{"value":"20261101"}],"metricVal"#,
        #"{"dimensionHeaders":[{"name":"date"}],"metricHeaders":[{"name":"sessions"}],"rowCount":0}"#,
        #"{"dimensionHeaders":[{"name":"country"}],"metricHeaders":[],"rowCount":1}"#, "[]", "null", "",
        "<html>sign in</html>",
    ])
    func `half an answer, or one with other columns, is none`(_ answer: String) async throws {
        let (standIn, service, access) = try analytics()
        standIn.service.next(.answer(200, answer))
        #expect(await failure(service, access)?.code == "invalid_answer")
    }

    @Test func `Google Analytics tells visits by the campaign that links named, and half of them is none`()
        async throws
    {
        let (standIn, service, access) = try analytics()
        standIn.marked["20261101"] = ["Spring & co": 40, "Other": 7]
        standIn.marked["20261102"] = ["Spring & co": 2]
        func marked() async throws(ToolFailure) -> [MarkedVisits] {
            try await service.marked(
                ["Spring & co"], from: day("2026-11-01"), through: day("2026-11-09"), access, ConnectorCall())
        }
        let found = try await marked()
        #expect(found.allSatisfy { $0.mark == "Spring & co" } && found.map(\.count).sorted() == [2, 40])
        #expect(Set(found.map(\.date.iso)) == ["2026-11-01", "2026-11-02"])
        let whole =
            #"{"dimensionHeaders":[{"name":"date"},{"name":"sessionCampaignName"}],"#
            + #""metricHeaders":[{"name":"sessions"}]"#
        for half in [whole + #","rowCount":3}"#, #"{"dimensionHeaders":[{"name":"date"}],"rowCount":0}"#] {
            standIn.service.next(.answer(200, half))
            await #expect(throws: ToolFailure.self) { try await marked() }
        }
        standIn.service.next(.answer(200, whole + "}"))
        #expect(try await marked().isEmpty)
    }

    @Test(arguments: ["many", "", "NaN", "inf", "1,5", "0x10", "1e999", " 1"])
    func `a value that is no number is no answer`(_ value: String) async throws {
        let (standIn, service, access) = try analytics()
        let names = ["sessions", "activeUsers", "newUsers", "screenPageViews", "keyEvents", "totalRevenue"]
        let answer: JSON = [
            "dimensionHeaders": [["name": "date"]],
            "metricHeaders": .array(names.map { ["name": .string($0)] }), "rowCount": 1,
            "rows": [
                [
                    "dimensionValues": [["value": "20261101"]],
                    "metricValues": .array(names.map { _ in ["value": .string(value)] }),
                ]
            ],
        ]
        standIn.service.next(.answer(200, answer.serialized))
        #expect(await failure(service, access)?.code == "invalid_answer")
    }

    @Test func `refusals mean what they say, and a token is never told`() async throws {
        let (standIn, service, access) = try analytics()
        for (status, code, isRetried) in [
            (401, "unauthenticated", false), (403, "permission_missing", false), (429, "rate_limited", true),
            (500, "unavailable", true), (302, "redirected", false), (400, "refused", false),
        ] {
            standIn.service.next(.answer(status, #"{"error":{"message":"ya29-stand-in"}}"#))
            let failure = await failure(service, access)
            #expect(failure?.code == code && failure?.isRetryable == isRetried, "\(status)")
            #expect(failure?.detail.contains("ya29") == false)
        }
        standIn.service.next(.cutAfter)
        #expect(await failure(service, access)?.isRetryable == true)
        standIn.service.next(.silence)
        #expect(await failure(service, access)?.isRetryable == true)
        let wrong = makeAccess(standIn.service.url, ["property_id": "G-XYZ"], ["access_token": standIn.token])
        #expect(await failure(service, wrong)?.code == "invalid_setting")
    }

    // MARK: Adobe Analytics

    @Test func `Adobe's days are read from their ids, its columns by theirs, and NaN is no number`()
        async throws
    {
        let standIn = try AdobeAnalyticsStandIn()
        standIn.days["20261101"] = ["visits": 794, "revenue": 120.5]
        standIn.days["20261102"] = ["visits": 810, "revenue": 0]
        let service = AdobeAnalytics(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "api_key": standIn.key])
        let found = try await read(service, access)
        #expect(sum(found, "visits") == 1604 && sum(found, "revenue") == 120.5)
        // A figure without a number is not there, and no 0.
        #expect(!found.contains { $0.metric == "orders" })
        #expect(Set(found.map(\.date)) == [day("2026-11-01"), day("2026-11-02")])
        // That it says of its only page that another follows is not believed.
        #expect(standIn.service.requests.count == 1)
        let expired = makeAccess(
            standIn.service.url, standIn.settings, ["access_token": "expired", "api_key": standIn.key])
        #expect(await failure(service, expired)?.code == "unauthenticated")
    }

    @Test(arguments: [
        ("1260001", "2026-01-01"), ("1251131", "2025-12-31"), ("1171131", "2017-12-31"),
        ("1180001", "2018-01-01"),
    ])
    func `the id of a day has its months from 00`(_ item: String, _ iso: String) async throws {
        let standIn = try AdobeAnalyticsStandIn()
        let plain = iso.filter { $0 != "-" }
        #expect(AdobeAnalyticsStandIn.item(plain) == item)
        standIn.days[plain] = ["visits": 1]
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "api_key": standIn.key])
        let service = AdobeAnalytics(makeClient(), now: { MailRig.now })
        #expect(try await read(service, access, iso, iso).map(\.date) == [day(iso)])
    }

    @Test func `of a partial answer the columns that came count`() async throws {
        let standIn = try AdobeAnalyticsStandIn()
        let service = AdobeAnalytics(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "api_key": standIn.key])
        let partial: JSON = [
            "totalPages": 1, "number": 0, "totalElements": 1,
            "columns": [
                "columnIds": ["0", "1", "2", "3", "4"],
                "columnErrors": [["columnId": "4", "errorCode": "unauthorized_metric"]],
            ],
            "rows": [["itemId": "1261001", "data": [1, 2, 3, 4, 5]]],
        ]
        standIn.service.next(.answer(206, partial.serialized))
        let found = try await read(service, access)
        #expect(Set(found.map(\.metric)) == ["visits", "visitors", "pageviews", "orders"])
        // A column less than was asked for, without a word about it, is half an answer.
        standIn.service.next(
            .answer(
                200,
                #"{"totalPages":1,"columns":{"columnIds":["0","1"]},"rows":[{"itemId":"1261001","data":[1,2]}]}"#
            ))
        #expect(await failure(service, access)?.code == "invalid_answer")
    }

    @Test func `Adobe tells visits by the campaign that a dimension of the sites keeps, and half is none`()
        async throws
    {
        let standIn = try AdobeAnalyticsStandIn()
        standIn.marked["20261101"] = ["Spring & co": 40, "Other": 700, "Own mark": 3]
        standIn.marked["20261102"] = ["Spring & co": 2, "Other": 900]
        standIn.marked["20261110"] = ["Spring & co": 600]
        let service = AdobeAnalytics(makeClient(), now: { MailRig.now })
        var settings = standIn.settings
        #expect(!service.tellsMarks(settings), "nobody has said where the sites keep it")
        settings["campaign_dimension"] = "variables/campaign"
        #expect(service.tellsMarks(settings))
        let access = makeAccess(
            standIn.service.url, settings, ["access_token": standIn.token, "api_key": standIn.key])
        func marked(_ marks: [String]) async throws(ToolFailure) -> [MarkedVisits] {
            try await service.marked(
                marks, from: day("2026-11-01"), through: day("2026-11-09"), access, ConnectorCall())
        }
        let found = try await marked(["Spring & co", "Own mark", "Nobody's"])
        #expect(
            Set(found) == [
                MarkedVisits("Spring & co", on: day("2026-11-01"), 40),
                MarkedVisits("Spring & co", on: day("2026-11-02"), 2),
                MarkedVisits("Own mark", on: day("2026-11-01"), 3),
            ])
        #expect(standIn.service.requests.count == 2)
        // Without a visit there is nothing to ask about.
        #expect(try await marked(["Nobody's"]).isEmpty && standIn.service.requests.count == 3)
        standIn.service.next(
            .answer(200, #"{"totalPages":1,"columns":{"columnIds":[]},"rows":[{"itemId":"1","data":[]}]}"#))
        await #expect(throws: ToolFailure.self) { try await marked(["Spring & co"]) }
    }

    // MARK: Pages

    /// A service with its days, where it is asked for them, and the access to it.
    private func paged(
        _ name: String
    ) throws -> (service: any MetricService, standIn: ServiceStandIn, path: String, IntegrationAccess) {
        func fill(_ days: DayShelf, _ values: [String: Double]) {
            for day in 1...9 { days["2026110\(day)"] = values }
        }
        switch name {
        case "adobe_analytics":
            let standIn = try AdobeAnalyticsStandIn()
            fill(standIn.days, ["visits": 5])
            return (
                AdobeAnalytics(makeClient(), now: { MailRig.now }), standIn.service, "/reports",
                makeAccess(
                    standIn.service.url, standIn.settings,
                    ["access_token": standIn.token, "api_key": standIn.key])
            )
        case "google_ads":
            let standIn = try GoogleAdsStandIn()
            fill(standIn.days, ["clicks": 10])
            return (
                GoogleAds(makeClient(), now: { MailRig.now }), standIn.service, "/googleAds:search",
                makeAccess(
                    standIn.service.url, standIn.settings,
                    ["access_token": standIn.token, "developer_token": standIn.developer])
            )
        default:
            let standIn = try MetaAdsStandIn()
            fill(standIn.days, ["clicks": 5])
            return (
                MetaAds(makeClient(), now: { MailRig.now }), standIn.service, "/insights",
                makeAccess(
                    standIn.service.url, standIn.settings,
                    ["access_token": standIn.token, "app_secret": "s3cret"])
            )
        }
    }

    @Test(arguments: ["adobe_analytics", "google_ads", "meta_ads"])
    func `a service that gives its first page for ever is left soon`(_ name: String) async throws {
        let (service, standIn, path, access) = try paged(name)
        let (first, last) = (day("2026-11-01"), day("2026-11-10"))
        _ = try await service.page(from: first, through: last, after: nil, access, ConnectorCall())
        let answer = try #require(standIn.answers.first), asked = standIn.requests.count
        var page = try JSONParser.parse(answer.body)
        // Adobe alone counts its pages: of three such ones no row would be missing.
        if name == "adobe_analytics" { page = page.adding(["totalPages": 3, "totalElements": 27]) }
        for _ in 0..<20 { standIn.next(.answer(200, page.serialized)) { $0.target.contains(path) } }
        var pages = MetricPages(service.title, first...last), cursor: String?
        do throws(ToolFailure) {
            repeat {
                cursor = try pages.take(
                    try await service.page(
                        from: first, through: last, after: cursor, access, ConnectorCall()))
            } while cursor != nil
            let harvest = try pages.harvest()
            Issue.record("\(harvest.metrics.count) values of a service that goes in circles")
        } catch {
            #expect(error.code == "cursor_loop")
        }
        #expect(standIn.requests.count - asked <= 4)
    }

    // MARK: Advertising

    @Test func `Google Ads counts money in millionths, leaves zeros out, and is read over all pages`()
        async throws
    {
        let standIn = try GoogleAdsStandIn()
        for day in 1...9 {
            standIn.days["2026110\(day)"] = [
                "clicks": day == 1 ? 0 : 10, "cost": 12_340_000, "conversions": 3.5,
            ]
        }
        let service = GoogleAds(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "developer_token": standIn.developer])
        let found = try await read(service, access)
        #expect(abs(sum(found, "cost") - 18 * 12.34) < 1e-9 && sum(found, "clicks") == 160)
        #expect(sum(found, "conversions") == 63)
        #expect(found.first { $0.metric == "cost" }?.unit == "EUR")
        #expect(standIn.service.requests.count == 2)
        #expect(try await read(service, access, "2025-01-01", "2025-01-02").isEmpty)
        standIn.service.next(
            .answer(GoogleAdsStandIn.fault(429, "quotaError", "RESOURCE_EXHAUSTED")),
            .answer(GoogleAdsStandIn.fault(401, "authenticationError", "OAUTH_TOKEN_EXPIRED")),
            .answer(GoogleAdsStandIn.fault(400, "queryError", "REQUESTED_METRICS_FOR_MANAGER")))
        #expect(await failure(service, access)?.retryAfter == .seconds(3600))
        #expect(await failure(service, access)?.code == "unauthenticated")
        #expect(await failure(service, access)?.code == "invalid_setting")
        standIn.service.next(.answer(404, "<html>Not Found</html>"))
        #expect(await failure(service, access)?.code == "version_gone")
        // Asked too fast, it says for how long it wants to be left alone.
        let hasty =
            #"{"errorCode":{"quotaError":"RESOURCE_TEMPORARILY_EXHAUSTED"},"details":"#
            + #"{"quotaErrorDetails":{"retryDelay":"30s"}}}"#
        standIn.service.next(.answer(429, "{\"error\":{\"code\":429,\"details\":[{\"errors\":[\(hasty)]}]}}"))
        let pause = await failure(service, access)
        #expect(pause?.code == "rate_limited" && pause?.retryAfter == .seconds(30))
        let later = makeAccess(
            standIn.service.url, JSONObject(standIn.settings.members + [("api_version", "v27")]),
            ["access_token": standIn.token, "developer_token": standIn.developer])
        standIn.service.next(.answer(404, "<html>Not Found</html>"))
        #expect(await failure(service, later)?.code == "version_gone")
        #expect(standIn.service.requests.last?.target.hasPrefix("/v27/customers/") == true)
    }

    @Test func `Meta's numbers are texts, what is absent is 0, and its codes say more than its status`()
        async throws
    {
        let standIn = try MetaAdsStandIn()
        for day in 1...9 { standIn.days["2026110\(day)"] = ["clicks": 5, "cost": 12.34] }
        standIn.days["20261109"] = ["clicks": 5, "cost": 12.34, "leads": 3]
        let service = MetaAds(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "app_secret": "s3cret"])
        let found = try await read(service, access)
        #expect(abs(sum(found, "cost") - 18 * 12.34) < 1e-9 && sum(found, "clicks") == 90)
        #expect(sum(found, "leads") == 6)
        // Each page of numbers, and the campaigns that it is of.
        #expect(standIn.service.requests.count == 4)
        #expect(standIn.service.requests.allSatisfy { $0.target.contains("appsecret_proof=") })
        // The address of the next page, which has the token in it, is not followed.
        #expect(standIn.service.requests.allSatisfy { !$0.target.contains("access_token") })
        for (code, means) in [
            (190, "unauthenticated"), (17, "rate_limited"), (80_000, "rate_limited"),
            (200, "permission_missing"),
            (2, "unavailable"), (100, "refused"),
        ] {
            standIn.service.next(.answer(MetaAdsStandIn.fault(400, code)))
            #expect(await failure(service, access)?.code == means, "\(code)")
        }
        for (code, subcode) in [(100, 1_487_534), (100, 1_504_018), (2, 1_504_038)] {
            let fault = #"{"error":{"message":"x","code":\#(code),"error_subcode":\#(subcode)}}"#
            standIn.service.next(.answer(400, fault))
            #expect(await failure(service, access)?.code == "timeout", "\(subcode): fewer days")
        }
        let usage = #"{"1":[{"type":"ads_insights","estimated_time_to_regain_access":7}]}"#
        standIn.service.next(
            .answer(
                StandInAnswer(
                    400, #"{"error":{"message":"x","code":80000}}"#,
                    headers: [("X-Business-Use-Case-Usage", usage)])))
        #expect(await failure(service, access)?.retryAfter == .seconds(420))
    }
}
