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
        of client: JSON, _ role: String? = nil, email: String? = nil,
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
            ["token": made["token"] ?? .null, "name": "Cleo", "password": "correct horse battery"]
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
