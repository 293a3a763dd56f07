import Agents
import JSON
import Records
import RuntimeTesting
import StandIns
import Testing

@testable import Integrations
@testable import Tenancy

/// The bad days of the services behind the built-in connectors: each ends as what it is, and no answer that is none is
/// taken for a page.
struct ConnectorFaultTests {
    private static let names = [
        "hubspot", "salesforce", "pipedrive", "apideck", "asana", "trello", "jira", "mailchimp",
        "activecampaign",
    ]

    /// A service with more records than a page has, and the connector to it.
    private struct Connected {
        let service: ServiceStandIn
        let bench: ConnectorBench
        let object: String

        /// The failure that asking for the first page ends with; `nil` where it is a page.
        func failure() async -> ToolFailure? {
            do {
                _ = try await bench.client.page(of: bench.object(object))
                return nil
            } catch {
                return error as? ToolFailure
            }
        }

        /// Decides about the next requests for records: those for tokens are answered.
        func next(_ turn: ServiceStandIn.Turn, times: Int = 1) {
            for _ in 0..<times { service.next(turn) { !$0.target.contains("/oauth2/") } }
        }
    }

    private func connect(_ name: String) async throws -> Connected {
        func connected(
            _ service: ServiceStandIn, _ object: String, _ credentials: [String: String],
            _ settings: JSONObject = [:]
        ) async throws -> Connected {
            let bench = try await ConnectorBench(name, service.url, credentials, settings)
            return Connected(service: service, bench: bench, object: object)
        }
        func fill(_ records: StandInRecords, _ count: Int, _ field: String) {
            for number in 0..<count { records.add([field: .string("N\(number)")]) }
        }
        switch name {
        case "hubspot":
            let hub = try HubSpotStandIn()
            fill(hub.contacts, 101, "firstname")
            return try await connected(hub.service, "contacts", ["access_token": hub.token])
        case "salesforce":
            let force = try SalesforceStandIn(pageSize: 2)
            fill(force.leads, 3, "LastName")
            let credentials = [
                "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                "private_key": SalesforceStandIn.key,
            ]
            return try await connected(force.service, "leads", credentials, force.settings)
        case "pipedrive":
            let pipe = try PipedriveStandIn()
            fill(pipe.persons, 101, "name")
            return try await connected(pipe.service, "persons", ["api_token": pipe.token])
        case "apideck":
            let deck = try ApideckStandIn()
            fill(deck.contacts, 201, "name")
            return try await connected(
                deck.service, "contacts", ["api_key": deck.apiKey, "app_id": deck.appID])
        case "asana":
            let asana = try AsanaStandIn()
            fill(asana.tasks, 101, "name")
            return try await connected(
                asana.service, "tasks", ["access_token": asana.token], ["project": .string(asana.project)])
        case "trello":
            let trello = try TrelloStandIn()
            fill(trello.cards, 3, "name")
            return try await connected(
                trello.service, "cards", ["key": trello.key, "token": trello.token],
                ["board": .string(trello.board), "list": .string(trello.list)])
        default: return try await connectMore(name)
        }
    }

    private func connectMore(_ name: String) async throws -> Connected {
        let service: ServiceStandIn, bench: ConnectorBench
        switch name {
        case "jira":
            let jira = try JiraStandIn(pageSize: 2)
            for number in 0..<3 { jira.issues.add(["summary": .string("N\(number)")]) }
            service = jira.service
            bench = try await ConnectorBench(
                name, service.url, ["email": jira.email, "api_token": jira.token],
                ["project": .string(jira.project)])
            return Connected(service: service, bench: bench, object: "issues")
        case "mailchimp":
            let chimp = try MailchimpStandIn()
            for number in 0..<3 { chimp["a\(number)@x.example"] = "subscribed" }
            service = chimp.service
            bench = try await ConnectorBench(
                name, service.url, ["api_key": chimp.apiKey], ["list_id": .string(chimp.list)])
        default:
            let campaign = try ActiveCampaignStandIn()
            for number in 0..<3 { campaign.add("a\(number)@x.example", "1") }
            service = campaign.service
            bench = try await ConnectorBench(
                name, service.url, ["api_key": campaign.apiKey], ["list_id": .string(campaign.list)])
        }
        return Connected(service: service, bench: bench, object: "contacts")
    }

    @Test(arguments: names)
    func `a service that has had enough says for how long`(_ name: String) async throws {
        let connected = try await connect(name)
        connected.next(.answer(429, "{}", headers: [("Retry-After", "7")]))
        let failure = try #require(await connected.failure())
        #expect(["rate_limited", "quota_exhausted"].contains(failure.code), "\(failure)")
        #expect(failure.isRetryable && failure.retryAfter == .seconds(7), "\(failure)")
    }

    @Test(arguments: names)
    func `an answer that breaks off is asked for again`(_ name: String) async throws {
        for turn: ServiceStandIn.Turn in [.cutAfter, .cutWithin(StandInAnswer(200, #"{"data":[{"id":"1"#))] {
            let connected = try await connect(name)
            // A connection that was used before is tried once more by itself.
            connected.next(turn, times: 4)
            let failure = try #require(await connected.failure())
            #expect(failure.isRetryable && !failure.isAmbiguous && failure.blamesProvider, "\(failure)")
        }
    }

    @Test(arguments: names)
    func `an answer of another shape is no page`(_ name: String) async throws {
        for answer in ["<html>sign in</html>", "{}", "[]"] {
            let connected = try await connect(name)
            connected.next(.answer(200, answer))
            let failure = await connected.failure()
            // All that Trello says is a list: an empty one is a board without cards.
            let expected = name == "trello" && answer == "[]" ? nil : "invalid_answer"
            #expect(failure?.code == expected, "\(answer): \(failure.map { "\($0)" } ?? "a page")")
        }
    }

    @Test(arguments: names)
    func `credentials that are refused are not tried again`(_ name: String) async throws {
        let connected = try await connect(name), isSigned = name == "salesforce"
        connected.next(.answer(401, "invalid token"))
        if isSigned {
            #expect(await connected.failure() == nil, "a new assertion gets a new token")
            #expect(connected.service.requests.count { $0.target.contains("/oauth2/") } == 2)
            connected.next(.answer(401, "invalid token"), times: 2)
        }
        let failure = try #require(await connected.failure())
        #expect(failure.code == "unauthenticated" && !failure.isRetryable, "\(failure)")
        #expect(connected.service.requests.count == (isSigned ? 7 : 1))
    }

    @Test(arguments: names)
    func `a service that gives its first page for ever is left soon`(_ name: String) async throws {
        let connected = try await connect(name)
        #expect(await connected.failure() == nil)
        let page = try #require(connected.service.answers.last), asked = connected.service.requests.count
        connected.next(.answer(page), times: 20)
        let ended = await code { _ = try await connected.bench.all(connected.object) }
        // Trello has no pages: it gives all that it has at once.
        #expect(ended == (name == "trello" ? nil : "cursor_loop"))
        #expect(connected.service.requests.count - asked <= 4)
    }

    @Test func `a sheet's bad days are no empty sheets`() async throws {
        let faults: [(turn: ServiceStandIn.Turn, code: String?)] = [
            (.answer(429, "{}", headers: [("Retry-After", "7")]), "rate_limited"),
            (.answer(200, "<html>sign in</html>"), "invalid_answer"), (.answer(200, "{}"), "invalid_answer"),
            (.answer(200, "[]"), "invalid_answer"), (.answer(401, "{}"), "unauthenticated"),
            (.cutAfter, nil), (.cutWithin(StandInAnswer(200, #"{"values":[["1"#)), nil),
        ]
        for (turn, code) in faults {
            let sheets = try SheetsStandIn()
            sheets.fill("Leads", [["id"], ["1"]])
            let bench = try await ConnectorBench(
                "google_sheets", sheets.service.url, ["access_token": sheets.token],
                ["spreadsheet": .string(sheets.spreadsheet)])
            let found = try bench.services.sheet(
                of: bench.integration, AgentTest.tenant, for: ToolCaller(actor: .system))
            let sheet = try #require(found), range = SheetClient.range("Leads", "A:A")
            sheets.service.next(turn)
            do {
                let rows = try await sheet.rows(range)
                Issue.record("\(turn) is no sheet of \(rows.count) rows")
            } catch let failure as ToolFailure {
                #expect(code == nil ? failure.isRetryable : failure.code == code, "\(failure)")
            }
        }
    }
}
