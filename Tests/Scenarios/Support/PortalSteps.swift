import Foundation
import JSON
import Testing

/// A client of an agency, and its people by what they are there for.
struct PortalClient: Sendable {
    let record: JSON
    let people: [String: Caller]

    var id: String { record.id }
    var admin: Caller { people["admin"]! }
    static let roles = ["admin", "approver", "billing", "viewer"]
}

extension Agency {
    /// Invites somebody of a client, who accepts.
    func clientPerson(
        of client: JSON, _ role: String? = nil, email: String? = nil, name: JSON = "Cleo",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Caller {
        let email = email ?? "\(UUID().uuidString.lowercased())@client.example"
        var body: JSONObject = [
            "email": .string(email), "role": "client", "client_id": .string(client.id),
        ]
        if let role { body["client_role"] = .string(role) }
        let made = try owner.post("/v1/invitations", .object(body)).ok(201, sourceLocation: sourceLocation)
        let accepted = try server.anonymous.post(
            "/v1/invitations/accept",
            ["token": made["token"] ?? .null, "name": name, "password": "correct horse battery"]
        ).ok(201, sourceLocation: sourceLocation)
        return server.caller(accepted.text("access_token"))
    }

    func portalClient(_ name: String, roles: [String] = PortalClient.roles) throws -> PortalClient {
        let record = try owner.post("/v1/clients", ["name": .string(name)]).ok(201)
        var people: [String: Caller] = [:]
        for role in roles { people[role] = try clientPerson(of: record, role) }
        return PortalClient(record: record, people: people)
    }

    /// Something that was sold to a client: a proposal that was sent, and a contract that was.
    func sell(to client: JSON, _ title: String) throws -> (proposal: JSON, contract: JSON) {
        let package = try #require(try owner.every("/v1/packages").first)
        func proposal() throws -> JSON {
            let lead = try makeLead(Int.random(in: 1...1_000_000_000))
            return try owner.post(
                "/v1/proposals",
                [
                    "lead_id": .string(lead.id), "package_id": .string(package.id),
                    "client_id": .string(client.id), "title": .string(title), "notes": "inside",
                ]
            ).ok(201)
        }
        let open = try proposal()
        let contract = try owner.post(
            "/v1/contracts",
            ["proposal_id": .string(try proposal().id), "title": .string(title), "notes": "inside"]
        ).ok(201)
        return (
            try owner.post("/v1/proposals/\(open.id)/send").ok(),
            try owner.post("/v1/contracts/\(contract.id)/send").ok()
        )
    }
}

extension Agency {
    /// A piece of content that waits for its client, and the path of the link to it.
    func contentToApprove(of client: JSON, _ title: String) throws -> (id: String, path: String) {
        try owner.patch("/v1/clients/\(client.id)", ["content_approval": true]).ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "format": "blog", "client_id": .string(client.id),
                "body": "We have **news** about gardens.",
            ]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        let url = try owner.post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
            .text("approval_url")
        let start = try #require(url.firstRange(of: "/a/")).lowerBound
        return (item.id, String(url[start...]))
    }

    /// One of everything that is done for a client, each where the client sees it.
    func work(
        for client: PortalClient, _ name: String
    ) throws -> (project: JSON, task: JSON, deliverable: JSON, report: JSON, document: JSON) {
        let project = try owner.project(client.record, ["name": .string(name), "team": [.string(user.id)]])
        let task = try owner.task(project, name, ["shared": true, "tags": ["inside"], "estimate": "PT4H"])
        let deliverable = try submitted(project, name)
        let draft = try owner.post(
            "/v1/reports", ["client_id": .string(client.id), "title": .string(name)]
        ).ok(201)
        let report = try owner.patch("/v1/reports/\(draft.id)", ["status": "ready"]).ok()
        let document = try owner.post(
            "/v1/documents",
            [
                "client_id": .string(client.id), "file_id": .string(try owner.file("x.txt", name).id),
                "name": .string(name), "visibility": "client",
            ]
        ).ok(201)
        return (
            project, task, try owner.step(deliverable, "review", ["passed": true, "notes": "inside"]), report,
            document
        )
    }

    /// A deliverable that waits for its quality review.
    func submitted(_ project: JSON, _ name: String, text: String = "First try") throws -> JSON {
        let made = try owner.deliverable(project, ["name": .string(name), "text": .string(text)])
        return try owner.step(made, "submit", ["notes": "inside"])
    }

    /// Something that a client has asked for and got, and is asked about.
    func ask(_ client: PortalClient, _ words: String) throws -> (ticket: JSON, survey: JSON) {
        let ticket = try client.admin.post(
            "/v1/portal/tickets", ["subject": .string(words), "body": .string(words)]
        ).ok(201)
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "question": "How satisfied are you?", "kind": "csat"]
        ).ok(201)
        try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
        return (ticket, survey)
    }
}

extension Caller {
    /// Waits until the jobs that follow the sending of papers have written down what they had to.
    func settled(
        _ records: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var last: [String: JSON] = [:], quiet = 0
        try eventually("the papers to be as they stay", sourceLocation: sourceLocation) {
            let now = try records.reduce(into: [String: JSON]()) {
                $0[$1.key] = try get("/v1/\($1.key)/\($1.value)").ok()["version"]
            }
            quiet = now == last ? quiet + 1 : 0
            last = now
            return quiet >= 5 ? true : nil
        }
    }
}
