import Foundation
import JSON
import StandIns
import Testing

/// A hook says that something has changed, and the service is asked what that is.
@Suite(.ownThread) struct ServiceHooks {
    let server = BureauProcess.shared

    /// A service with hooks, of which each says a name that is none of the service's.
    private struct Telling {
        let object: String, local: String
        let service: ServiceStandIn, records: StandInRecords
        let credentials: JSON
        var settings: JSONObject = [:]
        /// The hook by which the service introduces itself first.
        var greeting: StandInHook?
        /// The fields of a record with a name.
        let fields: (String) -> JSONObject
        /// The hook about a record, sent to an address.
        let hook: (_ id: String, _ url: String) -> StandInHook
    }

    private static func text(_ text: String) -> JSON { .string(text) }

    private func tasks(_ name: String) throws -> Telling {
        switch name {
        case "asana":
            let asana = try AsanaStandIn()
            return Telling(
                object: "tasks", local: "tasks", service: asana.service, records: asana.tasks,
                credentials: ["access_token": Self.text(asana.token)],
                settings: ["workspace": Self.text(asana.workspace), "project": Self.text(asana.project)],
                greeting: asana.greeting(), fields: { ["name": .string($0)] },
                hook: { id, _ in
                    let event: JSON = [
                        "action": "changed", "created_at": "2026-01-15T10:00:00.000Z",
                        "resource": ["gid": .string(id), "resource_type": "task", "name": "Liar"],
                        "change": ["field": "name", "action": "changed", "new_value": "Liar"],
                    ]
                    return asana.hook(["events": [event]])
                })
        case "trello":
            let trello = try TrelloStandIn()
            return Telling(
                object: "cards", local: "tasks", service: trello.service, records: trello.cards,
                credentials: [
                    "key": Self.text(trello.key), "token": Self.text(trello.token),
                    "secret": Self.text(trello.secret),
                ],
                settings: ["board": Self.text(trello.board), "list": Self.text(trello.list)],
                fields: { ["name": .string($0)] },
                hook: { id, url in
                    let card: JSON = ["id": .string(id), "name": "Liar"]
                    let body: JSON = [
                        "action": ["id": "a1", "type": "updateCard", "data": ["card": card]],
                        "model": ["id": "5b2"],
                    ]
                    return trello.hook(body, to: url)
                })
        default:
            let jira = try JiraStandIn()
            return Telling(
                object: "issues", local: "tasks", service: jira.service, records: jira.issues,
                credentials: [
                    "email": Self.text(jira.email), "api_token": Self.text(jira.token),
                    "webhook_secret": Self.text(jira.secret),
                ],
                settings: ["project": Self.text(jira.project)], fields: { ["summary": .string($0)] },
                hook: { id, _ in
                    jira.hook([
                        "timestamp": 1_764_547_200_000, "webhookEvent": "jira:issue_updated",
                        "issue": ["id": .string(id), "fields": ["summary": "Liar"]],
                    ])
                })
        }
    }

    private func people(_ name: String) throws -> Telling {
        if name == "hubspot" {
            let hub = try HubSpotStandIn()
            return Telling(
                object: "contacts", local: "leads", service: hub.service, records: hub.contacts,
                credentials: [
                    "access_token": Self.text(hub.token), "client_secret": Self.text(hub.clientSecret),
                ],
                fields: {
                    [
                        "firstname": .string($0), "lastname": "Alder", "email": "ana@acme.example",
                        "company": "Acme",
                    ]
                },
                hook: { id, url in
                    let now = Int64(Date.now.timeIntervalSince1970 * 1000)
                    let event = HubSpotStandIn.changed(id, "firstname", at: now).array?.first ?? .null
                    return hub.hook([event.merging(["propertyValue": "Liar"])], to: url, at: now)
                })
        }
        let pipe = try PipedriveStandIn()
        return Telling(
            object: "persons", local: "leads", service: pipe.service, records: pipe.persons,
            credentials: [
                "api_token": Self.text(pipe.token), "hook_username": Self.text(pipe.username),
                "hook_password": Self.text(pipe.password),
            ],
            fields: { name in
                [
                    "name": .string("\(name) Alder"),
                    "emails": [["value": "ana@acme.example", "primary": true, "label": "work"]],
                ]
            },
            hook: { id, _ in
                var hook = pipe.hook("u1", "person", of: id)
                let body = (try? JSONParser.parse(hook.body)) ?? .null
                hook.body = body.merging(["data": ["name": "Liar"]]).bytes
                return hook
            })
    }

    @Test(arguments: ["hubspot", "asana", "trello", "jira", "pipedrive"])
    func `what a hook tells of comes in as the service has it, and not as the hook says`(
        _ name: String
    ) throws {
        let isOfPeople = ["hubspot", "pipedrive"].contains(name)
        let telling = try isOfPeople ? people(name) : tasks(name)
        let agency = try server.quietAgency(), owner = agency.owner
        let made = try agency.connect(
            name, telling.service.url, credentials: telling.credentials, settings: telling.settings,
            capability: isOfPeople ? "crm" : "projects")
        if let greeting = telling.greeting {
            #expect(try server.deliver(greeting, to: made).status == 200)
        }
        // A person of Pipedrive's names no company.
        var own: JSON = name == "pipedrive" ? ["company": "Acme"] : .null
        if !isOfPeople {
            let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
            let project = try owner.post("/v1/projects", ["client_id": .string(client.id), "name": "Site"])
                .ok(201)
            own = ["project_id": .string(project.id)]
        }
        let record = telling.records.add(telling.fields("Before"))
        let sync = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": .string(telling.object),
                "local": .string(telling.local), "direction": isOfPeople ? "pull" : "both",
                "conflict": "newest", "every": nil, "defaults": own,
            ]
        ).ok(201)
        let run = try owner.ended("/v1/syncs/\(sync.id)/run", [:])
        #expect(run.text("status") == "completed" && run["pulled"]?["created"] == 1, "\(run)")
        func names() throws -> [String] {
            let all = try owner.every("/v1/\(telling.local)")
            return all.map { isOfPeople ? $0.text("contact_name") : $0.text("title") }
        }
        #expect(try names() == [isOfPeople ? "Before Alder" : "Before"])

        telling.records.change(record.id, telling.fields("After"))
        let url = "http://127.0.0.1:\(server.port)" + made.text("hook_url")
        try server.deliver(telling.hook(record.id, url), to: made).ok()
        try eventuallyTrue("what the service has") {
            try names() == [isOfPeople ? "After Alder" : "After"]
        }
        let receipts = try owner.every("/v1/hook-receipts?integration_id=\(made.id)")
        #expect(receipts.map { $0.text("status") } == ["processed"], "\(receipts)")
    }

    @Test func `who unsubscribes there is suppressed here as soon as the hook tells of it`() throws {
        let mapping = (Syncing.mapping.array ?? []) + [["local": "unsubscribed", "remote": "opted_out"]]
        let syncing = try Syncing(server, ["mapping": .array(mapping)], isTold: true), crm = syncing.crm
        let ids = ["one", "two"].map { crm.add(person($0, ["opted_out": false])) }
        try syncing.run()
        let owner = syncing.agency.owner
        #expect(try owner.every("/v1/suppressions").isEmpty)
        crm.change(ids[0], ["opted_out": true], at: CRMStandIn.stamp(1))
        try server.deliver(Syncing.hook("e1", about: ids[0]), to: syncing.integration).ok()
        try eventuallyTrue("nobody writes to them") {
            try owner.every("/v1/suppressions").map { $0.text("address") } == ["one@x.example"]
        }
        #expect(crm.writes.isEmpty)
    }
}
