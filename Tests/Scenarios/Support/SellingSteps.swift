import Foundation
import JSON
import Testing

/// Steps that tests of selling repeat.
protocol SellingSteps {
    var server: BureauProcess { get }
}

extension SellingSteps {
    var html: [String: String] { ["Accept": "text/html"] }

    func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch(
            "/v1/settings", ["postal_address": "1 Example Street", "quiet_hours": .null]
        ).ok()
        return agency
    }

    func package(_ name: String, _ agency: Agency) throws -> JSON {
        try #require(try agency.owner.every("/v1/packages").first { $0.text("name") == name })
    }

    func proposal(_ agency: Agency, _ number: Int = 1, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "lead_id": .string(try agency.makeLead(number).id),
            "package_id": .string(try package("Starter", agency).id),
        ]
        for (name, value) in more.members { body[name] = value }
        return try agency.owner.post("/v1/proposals", .object(body)).ok(201)
    }

    /// A proposal that is sent, and the path of its page.
    func sent(
        _ agency: Agency, _ number: Int = 1, _ more: JSONObject = [:]
    ) throws -> (proposal: JSON, path: String) {
        let made = try proposal(agency, number, more)
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        return (sent, path(sent.text("public_url")))
    }

    func path(_ url: String) -> String {
        "/" + url.split(separator: "/").dropFirst(2).joined(separator: "/")
    }

    func presented(
        _ agency: Agency, _ number: Int = 1, _ more: JSONObject = [:]
    ) throws -> (contract: JSON, path: String) {
        let (proposal, page) = try sent(agency, number, more)
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        let made = try agency.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
        let sent = try agency.owner.post("/v1/contracts/\(made.id)/send").ok()
        return (sent, path(sent.text("public_url")))
    }

    func types(_ agency: Agency) throws -> [String] {
        try agency.owner.every("/v1/events").map { $0.text("type") }
    }
}
