import Agents
import JSON
import StandIns
import Telemetry
import Testing

@testable import Integrations

struct CRMConnectorTests {
    @Test func `HubSpot is read in lists of a hundred, and then by search from the last change on`()
        async throws
    {
        let hub = try HubSpotStandIn()
        for n in 0..<130 {
            hub.contacts.add([
                "email": .string("h\(n)@x.example"), "firstname": "Ana", "lastname": .string("L\(n)"),
            ])
        }
        let bench = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let found = try await bench.all("contacts")
        #expect(found.count == 130 && found[0].id == "501" && found[129].fields["full_name"] == "Ana L129")
        #expect(hub.service.requests.map(\.method) == ["GET", "GET"])
        hub.contacts.change("507", ["firstname": "Eva"])
        let news = try await bench.all("contacts", since: found[129].updatedAt)
        let asked = try #require(hub.service.requests.last)
        #expect(asked.method == "POST" && asked.target == "/crm/v3/objects/contacts/search")
        #expect(news.contains { $0.id == "507" && $0.fields["firstname"] == "Eva" } && news.count < 40)
    }

    @Test func `HubSpot takes a hundred records at once, and says of each what became of it`() async throws {
        let hub = try HubSpotStandIn()
        let bench = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let contacts = try bench.object("contacts")
        let changes = (0..<101).map { n in
            ConnectorChange(
                .create, ["email": .string("n\(n)@x.example"), "company": "Acme"], key: "k\(n)",
                own: "lead_\(n)", match: "N\(n)@x.example")
        }
        let made = try await bench.client.write(contacts, changes)
        #expect(made.compactMap { try? $0.get() }.count == 101 && hub.contacts.all.count == 101)
        #expect(
            hub.service.requests.map(\.target) == [
                "/crm/v3/objects/contacts/batch/upsert", "/crm/v3/objects/contacts/batch/upsert",
            ])
        let ids = made.compactMap { try? $0.get() }
        #expect(hub.contacts[ids[7]]?.fields["email"] == "n7@x.example")
        let updates = [ids[3], "999999"].map {
            ConnectorChange(.update(id: $0), ["company": "New"], key: "u\($0)")
        }
        let changed = try await bench.client.write(contacts, updates)
        #expect((try? changed[0].get()) == ids[3] && (try? changed[1].get()) == nil)
    }

    @Test func `HubSpot's refusals are told by their codes, and name the field`() async throws {
        let hub = try HubSpotStandIn()
        let bench = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let contacts = try bench.object("contacts"), client = bench.client
        do {
            _ = try await client.create(contacts, ["email": "nobody"], key: "k1")
            Issue.record("it is no address")
        } catch let failure as ToolFailure {
            #expect(failure.code == "invalid_value" && failure.detail.contains("email"))
        }
        _ = try await client.create(contacts, ["email": "a@x.example"], key: "k2")
        #expect(
            await code { _ = try await client.create(contacts, ["email": "a@x.example"], key: "k3") }
                == "conflict")
        #expect(try await client.find(contacts, by: "A@x.example").count == 1)
        #expect(try await client.find(contacts, by: "b@x.example").isEmpty)
        #expect(try await client.get(contacts, "4711") == nil)
        hub.service.next(.answer(HubSpotStandIn.tooFast))
        #expect(await code { _ = try await client.get(contacts, "1") } == "rate_limited")
    }

    @Test func `a search that has reached its last record begins anew at the last change`() async throws {
        let hub = try HubSpotStandIn()
        let first = hub.contacts.add(["email": "a@x.example"])
        for n in 0..<10_050 { hub.contacts.add(["email": .string("\(n)@x.example")]) }
        let bench = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let found = try await bench.all("contacts", since: first.changedAt)
        #expect(Set(found.map(\.id)).count == 10_051)
    }

    @Test func `what HubSpot has archived is listed apart`() async throws {
        let hub = try HubSpotStandIn()
        let gone = hub.contacts.add(["email": "a@x.example"])
        hub.contacts.add(["email": "b@x.example"])
        hub.contacts.remove(gone.id)
        let bench = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let page = try await bench.client.removedPage(of: bench.object("contacts"), since: nil)
        #expect(page.records.map(\.id) == [gone.id] && page.records.allSatisfy(\.isDeleted))
    }

    @Test func `Salesforce is let in by a signed assertion, which is made again when its token ends`()
        async throws
    {
        let force = try SalesforceStandIn(pageSize: 2)
        for n in 0..<5 {
            force.leads.add([
                "LastName": .string("L\(n)"), "Company": "Acme", "Email": .string("l\(n)@x.example"),
            ])
        }
        let bench = try await ConnectorBench(
            "salesforce", force.service.url,
            [
                "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                "private_key": SalesforceStandIn.key,
            ],
            ["token_url": .string(force.service.url + "/services/oauth2/token")])
        let found = try await bench.all("leads")
        #expect(found.map { $0.fields["FullName"] } == (0..<5).map { .string("L\($0)") })
        #expect(force.assertions.count == 1)
        force.endTokens()
        #expect(
            try await bench.client.get(bench.object("leads"), found[1].id)?.fields["Email"] == "l1@x.example")
        #expect(force.assertions.count == 2)
        let news = try await bench.all("leads", since: found[4].updatedAt)
        #expect(news.count == 5, "the index lags behind: five minutes are read again")
    }

    @Test func `Salesforce keeps our identifier, by which nothing is made twice`() async throws {
        let force = try SalesforceStandIn()
        let bench = try await ConnectorBench(
            "salesforce", force.service.url,
            [
                "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                "private_key": SalesforceStandIn.key,
            ],
            ["token_url": .string(force.service.url + "/services/oauth2/token")])
        let leads = try bench.object("leads"), client = bench.client
        let lead: JSONObject = ["FullName": "Ana López", "Company": "Acme", "Email": "ana@acme.example"]
        let id = try await client.create(leads, lead, key: "k1", own: "lead_1")
        #expect(try await client.create(leads, lead, key: "k2", own: "lead_1") == id)
        #expect(leads.find?.by == .own)
        #expect(try await client.find(leads, by: "lead_1").map(\.id) == [id])
        try await client.update(leads, id, ["Phone": "+34600000000"], key: "k3")
        #expect(force.leads[id]?.fields["Phone"] == "+34600000000")
        let made = try await client.write(
            leads,
            [
                ConnectorChange(.create, lead, key: "b1", own: "lead_2"),
                ConnectorChange(.create, ["FullName": "Nobody"], key: "b2", own: "lead_3"),
            ])
        #expect((try? made[0].get()) != nil && (try? made[1].get()) == nil)
        #expect(
            await code { _ = try await client.create(leads, ["FullName": "X"], key: "k4", own: "l") }
                == "invalid_value")
        force.service.next(.answer(SalesforceStandIn.usedUp))
        #expect(await code { _ = try await client.get(leads, id) } == "quota_exhausted")
        #expect(await code { _ = try await client.get(leads, id) } == "quota_exhausted", "it is left alone")
    }

    @Test func `Pipedrive keeps what stands beside the first address`() async throws {
        let pipe = try PipedriveStandIn()
        let person = pipe.persons.add([
            "name": "Ana López",
            "emails": [
                ["value": "ana@acme.example", "primary": true, "label": "home"],
                ["value": "ana@home.example", "primary": false],
            ],
        ])
        let bench = try await ConnectorBench("pipedrive", pipe.service.url, ["api_token": pipe.token])
        let persons = try bench.object("persons"), client = bench.client
        #expect(try await bench.all("persons")[0].fields["email"] == "ana@acme.example")
        try await client.update(persons, person.id, ["email": "new@acme.example"], key: "k1")
        #expect(
            pipe.persons[person.id]?.fields["emails"] == [
                ["value": "new@acme.example", "primary": true, "label": "home"],
                ["value": "ana@home.example", "primary": false],
            ])
        let id = try await client.create(persons, ["name": "Bo", "email": "bo@x.example"], key: "k2")
        #expect(
            pipe.persons[id]?.fields["emails"] == [
                ["value": "bo@x.example", "primary": true, "label": "work"]
            ])
        #expect(try await client.find(persons, by: "bo@x.example").map(\.id) == [id])
        pipe.service.next(.answer(PipedriveStandIn.blocked))
        #expect(await code { _ = try await client.get(persons, id) } == "quota_exhausted")
    }

    @Test func `Pipedrive's day and its two seconds are told apart, each with its own pause`() async throws {
        for (left, code, pause) in [("0", "quota_exhausted", 3600), ("900", "rate_limited", 5)] {
            let pipe = try PipedriveStandIn()
            let bench = try await ConnectorBench("pipedrive", pipe.service.url, ["api_token": pipe.token])
            let persons = try bench.object("persons")
            var headers = [("x-ratelimit-reset", "5"), ("x-daily-ratelimit-token-remaining", left)]
            // Of a day that is used up its word is useless.
            if left == "0" { headers.append(("Retry-After", "1")) }
            pipe.service.next(.answer(StandInAnswer(429, #"{"success":false}"#, headers: headers)))
            do {
                _ = try await bench.client.get(persons, "101")
                #expect(Bool(false), "\(code)")
            } catch let failure as ToolFailure {
                #expect(failure.code == code && failure.retryAfter == .seconds(pause), "\(failure)")
            }
        }
    }

    /// Something that was said.
    private let entry = ConnectorEntry(
        own: "msg_1", title: "Ana to us (email): Hi", text: "Is 1 < 2?\nYes.",
        at: Instant(seconds: 1_767_225_600))

    @Test func `what was said is a note in HubSpot and Pipedrive, about a person or a company, and is found`()
        async throws
    {
        let (hub, pipe) = (try HubSpotStandIn(), try PipedriveStandIn())
        let hubspot = try await ConnectorBench("hubspot", hub.service.url, ["access_token": hub.token])
        let pipedrive = try await ConnectorBench("pipedrive", pipe.service.url, ["api_token": pipe.token])
        for (bench, objects) in [
            (hubspot, ["contacts", "companies"]), (pipedrive, ["persons", "organizations"]),
        ] {
            for name in objects {
                let (object, client) = (try bench.object(name), bench.client)
                #expect(object.history?.isFindable == true)
                #expect(try await client.entered(entry, of: "12", object) == nil)
                let id = try await client.enter(entry, of: "12", object, key: "k/\(name)")
                #expect(try await client.entered(entry, of: "12", object) == id)
                #expect(try await client.entered(entry, of: "13", object) == nil)
            }
        }
        #expect(hub.notes.all.map { $0.fields["about"] } == ["contact/12", "company/12"])
        let note = try #require(hub.notes.all.first).fields
        #expect(note["hs_timestamp"] == "1767225600000")
        #expect(
            note["hs_note_body"]
                == "Ana to us (email): Hi<br><br>Is 1 &lt; 2?<br>Yes.<br><br>msg_1")
        #expect(pipe.notes.all.map { $0.fields["person_id"] } == [12, nil])
        #expect(pipe.notes.all.map { $0.fields["org_id"] } == [nil, 12])
        #expect(try #require(hubspot.object("contacts").history).lag == .seconds(60), "its index lags behind")
    }

    @Test func `what was said is a task that is done in Salesforce, and a note by Apideck`() async throws {
        let force = try SalesforceStandIn(), deck = try ApideckStandIn()
        let salesforce = try await ConnectorBench(
            "salesforce", force.service.url,
            [
                "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                "private_key": SalesforceStandIn.key,
            ], force.settings)
        let apideck = try await ConnectorBench(
            "apideck", deck.service.url, ["api_key": deck.apiKey, "app_id": deck.appID])
        force.service.next(.answer(201, #"{"id":"00T1","success":true,"errors":[]}"#)) {
            $0.target.hasSuffix("/sobjects/Task")
        }
        let leads = try salesforce.object("leads")
        #expect(try await salesforce.client.enter(entry, of: "00Q1", leads, key: "k1") == "00T1")
        let sent = try #require(force.service.requests.last), task = try JSONParser.parse(sent.body)
        #expect(
            task == [
                "Subject": "Ana to us (email): Hi", "Description": "Is 1 < 2?\nYes.\n\nmsg_1",
                "ActivityDate": "2026-01-01", "Status": "Completed", "WhoId": "00Q1",
            ])
        let rows = #"{"records":[{"Id":"00T1","Description":"Is 1 < 2?\nYes.\n\nmsg_1"}],"done":true}"#
        force.service.next(.answer(200, rows)) { $0.target.contains("Task") }
        #expect(try await salesforce.client.entered(entry, of: "00Q1", leads) == "00T1")
        deck.service.next(.answer(201, #"{"status_code":201,"data":{"id":"n1"}}"#)) {
            $0.target == "/crm/notes"
        }
        let contacts = try apideck.object("contacts")
        #expect(try await apideck.client.enter(entry, of: "c_1", contacts, key: "k2") == "n1")
        let note = try JSONParser.parse(try #require(deck.service.requests.last).body)
        #expect(note["title"] == "Ana to us (email): Hi" && note["contact_id"] == "c_1")
        #expect(contacts.history?.isFindable == false, "it lists all notes alone, and each call counts")
    }

    @Test func `Salesforce is asked by the version that the integration names`() async throws {
        let force = try SalesforceStandIn()
        let bench = try await ConnectorBench(
            "salesforce", force.service.url, ["access_token": "x"], ["api_version": "v65.0"])
        let leads = try bench.object("leads")
        _ = await code { _ = try await bench.client.get(leads, "1") }
        #expect(force.service.requests.last?.target.hasPrefix("/services/data/v65.0/query") == true)
    }

    @Test func `Apideck is told the agency and the application, in headers`() async throws {
        let deck = try ApideckStandIn()
        let bench = try await ConnectorBench(
            "apideck", deck.service.url, ["api_key": deck.apiKey, "app_id": deck.appID],
            ["service_id": "zoho-crm"])
        for n in 0..<250 {
            for records in [deck.contacts, deck.leads] { records.add(["name": .string("C\(n)")]) }
        }
        for (object, path) in [("contacts", "/crm/contacts?"), ("leads", "/lead/leads?")] {
            #expect(try await bench.all(object).count == 250)
            let lists = deck.service.requests.filter { $0.target.contains(path) }
            #expect(lists.count == 2, "of two hundred each")
        }
        let asked = try #require(deck.service.requests.first)
        #expect(asked.header("x-apideck-consumer-id") == "tenant_00000000000000000000000000")
        #expect(asked.header("x-apideck-service-id") == "zoho-crm" && asked.target.contains("limit=200"))
        let id = try await bench.client.create(
            bench.object("leads"),
            ["name": "Ana", "email": "ana@acme.example", "website": "https://acme.example"], key: "k1")
        #expect(deck.leads[id]?.fields["emails"] == [["email": "ana@acme.example", "type": "primary"]])
        #expect(bench.client.connector.limits.month == 2500 && bench.client.connector.sharesQuota)
        func failure(of bench: ConnectorBench) async -> ToolFailure? {
            do {
                _ = try await bench.client.get(bench.object("leads"), id)
                return nil
            } catch { return error as? ToolFailure }
        }
        deck.service.next(.answer(ApideckStandIn.tooFast))
        let busy = await failure(of: bench)
        #expect(busy?.code == "rate_limited" && busy?.retryAfter == .milliseconds(1500))
        // Its month is over there before it is here: it is left alone for a day, not for an hour.
        let other = try await ConnectorBench(
            "apideck", deck.service.url, ["api_key": deck.apiKey, "app_id": deck.appID])
        deck.service.next(.answer(ApideckStandIn.usedUp))
        let spent = await failure(of: other)
        #expect(spent?.code == "quota_exhausted" && (spent?.retryAfter ?? .zero) > .seconds(3600))
    }
}
