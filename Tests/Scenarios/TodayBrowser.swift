import Foundation
import JSON
import Testing

/// The first start and Today in a real browser.
@Suite(.ownThread) struct TodayBrowser {
    let server = BureauProcess.shared

    @Test func `an agency is started on the page, and each sees what waits for them`() throws {
        let agency = try server.quietAgency()
        try agency.owner.post("/v1/leads", ["company": "Our Own"]).ok(201)
        let seller = try agency.signIn("seller", may: ["leads:read", "deals:read"])
        let supporter = try agency.signIn("supporter", may: ["tickets:read", "conversations:read"])
        let lead = try agency.signIn("planner", may: ["projects:read", "tasks:read"])
        let (deal, ticket, task) = ("Spring launch", "Nothing is sent", "Draw the page")
        try own(agency, deal: deal, of: try id(seller, agency))
        try agency.owner.post(
            "/v1/tickets",
            [
                "subject": .string(ticket), "body": "It is urgent.", "priority": "urgent",
                "assignee_id": .string(try id(supporter, agency)),
            ]
        ).ok(201)
        let project = try agency.owner.post(
            "/v1/projects",
            [
                "name": "Site",
                "client_id": .string(try agency.owner.post("/v1/clients", ["name": "Pike"]).ok(201).id),
            ]
        ).ok(201)
        try agency.owner.post(
            "/v1/tasks",
            [
                "title": .string(task), "project_id": .string(project.id), "due_on": .string(today),
                "assignee_id": .string(try id(lead, agency)),
            ]
        ).ok(201)
        let fresh = try server.signUp()
        let invitation = try agency.owner.post(
            "/v1/invitations", ["email": "jo@example.com", "role": "member"]
        ).ok(201)
        func waits(_ who: JSON, _ own: String, not others: [String]) -> JSON {
            [
                "email": who["email"] ?? "", "password": who["password"] ?? "", "waits": .string(own),
                "others": JSON(others),
            ]
        }
        let found = try inBrowser(
            "today.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "own": "Our Own",
                "invitation": .string(invitation.text("token")),
                "fresh": ["email": .string(fresh.email), "password": .string(fresh.password)],
                "people": [
                    "seller": waits(seller, deal, not: [ticket, task]),
                    "supporter": waits(supporter, ticket, not: [deal, task]),
                    "project lead": waits(lead, task, not: [deal, ticket]),
                ],
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    /// A deal that should have been closed by today.
    private func own(_ agency: Agency, deal: String, of user: String) throws {
        let lead = try agency.owner.post("/v1/leads", ["company": "Seel"]).ok(201)
        try agency.owner.post(
            "/v1/deals",
            [
                "name": .string(deal), "lead_id": .string(lead.id), "owner_id": .string(user),
                "expected_close": .string(today),
            ]
        ).ok(201)
    }

    private func id(_ who: JSON, _ agency: Agency) throws -> String {
        try #require(try agency.owner.every("/v1/users").first { $0["email"] == who["email"] }).id
    }

    private var today: String { String(ISO8601DateFormatter().string(from: Date()).prefix(10)) }
}
