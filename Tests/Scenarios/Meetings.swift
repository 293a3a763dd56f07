import Foundation
import JSON
import StandIns
import Testing

/// Meetings by hand, and as a calendar service tells of them: in any order, and more than once.
@Suite(.ownThread) struct Meetings {
    let server = BureauProcess.shared
    let calendly: CalendlyStandIn

    init() throws { calendly = try CalendlyStandIn() }

    private func connected() throws -> (agency: Agency, door: String) {
        let agency = try server.quietAgency()
        let made = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "calendly", "capability": "scheduling",
                "credentials": ["webhook_signing_key": .string(calendly.signingKey)],
            ]
        ).ok(201)
        return (agency, made.text("hook_url"))
    }

    private let first = "https://api.calendly.com/scheduled_events/E1/invitees/I1"
    private let second = "https://api.calendly.com/scheduled_events/E2/invitees/I2"

    private func booked(_ more: JSONObject = [:]) -> JSON {
        CalendlyStandIn.told(
            "invitee.created", "I1", of: "E1", at: "2027-01-05T09:00:00.000000Z", email: "ann@example.com",
            created: "2027-01-01T00:00:00.000000Z", more)
    }
    private var moved: [JSON] {
        [
            CalendlyStandIn.told(
                "invitee.created", "I2", of: "E2", at: "2027-01-07T09:00:00.000000Z",
                email: "ann@example.com",
                created: "2027-01-02T00:00:00.000000Z", ["old_invitee": .string(first)]),
            CalendlyStandIn.told(
                "invitee.canceled", "I1", of: "E1", at: "2027-01-05T09:00:00.000000Z",
                email: "ann@example.com",
                created: "2027-01-02T00:00:00.000001Z", ["rescheduled": true, "new_invitee": .string(second)]),
        ]
    }

    /// Posts an event, and waits until it has been worked on.
    private func tell(_ body: JSON, _ agency: Agency, _ door: String) throws {
        let hook = calendly.hook(body, at: Int64(Date.now.timeIntervalSince1970))
        let headers = Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let answer = try server.anonymous.request("POST", door, raw: hook.body, headers: headers)
        #expect(answer.status == 200, "\(answer)")
        try eventually("the event to be worked on") {
            let receipts = try agency.owner.every("/v1/hook-receipts")
            return receipts.contains { $0.text("status") == "received" } ? nil : true
        }
    }

    private func meetings(_ agency: Agency) throws -> [JSON] { try agency.owner.every("/v1/meetings") }

    @Test func `who books becomes a contact, and the deal of a known one goes on`() throws {
        let (agency, door) = try connected()
        let lead = try agency.makeLead(1, ["email": "ann@example.com", "contact_name": "Ann Lee"])
        let deal = try agency.owner.post("/v1/deals", ["lead_id": .string(lead.id), "name": "Acme"]).ok(201)
        try tell(booked(), agency, door)
        try tell(booked(), agency, door)
        let all = try meetings(agency)
        try #require(all.count == 1)
        #expect(all[0].text("title") == "Intro" && all[0].text("starts_at") == "2027-01-05T09:00:00.000Z")
        #expect(all[0].text("deal_id") == deal.id && all[0]["contact_id"] == lead["contact_id"])
        #expect(all[0].text("location").hasPrefix("https://zoom") && all[0].text("notes") == "Goal?: Leads")
        #expect(try agency.owner.get("/v1/deals/\(deal.id)").ok().text("stage") == "needs_assessment")
        let done = try agency.owner.every("/v1/contacts/\(lead.text("contact_id"))/activities")
        #expect(done.map { $0.text("type") } == ["calendly_book"])
    }

    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 2, 0], [1, 0, 2], [2, 0, 1], [2, 1, 0]])
    func `a meeting that is moved is one meeting, in whatever order that is told`(order: [Int]) throws {
        let (agency, door) = try connected()
        let events = [booked()] + moved
        for index in order { try tell(events[index], agency, door) }
        let all = try meetings(agency)
        try #require(all.count == 1, "\(all)")
        #expect(all[0].text("status") == "scheduled" && all[0].text("external_id") == second)
        #expect(all[0].text("starts_at") == "2027-01-07T09:00:00.000Z")
        let done = try agency.owner.every("/v1/contacts/\(all[0].text("contact_id"))/activities")
        #expect(done.map { $0.text("type") } == ["calendly_book"], "moving it is no other one")
        #expect(try !agency.owner.every("/v1/events").contains { $0.text("type") == "meeting.cancelled" })
    }

    @Test(arguments: [false, true])
    func `a cancelled meeting is cancelled, also when that is told before its booking`(isFirst: Bool) throws {
        let (agency, door) = try connected()
        let cancelled = CalendlyStandIn.told(
            "invitee.canceled", "I1", of: "E1", at: "2027-01-05T09:00:00.000000Z", email: "ann@example.com",
            created: "2027-01-02T00:00:00.000000Z", ["cancellation": ["reason": "ill", "canceled_by": "Ann"]])
        for event in isFirst ? [cancelled, booked()] : [booked(), cancelled] { try tell(event, agency, door) }
        let all = try meetings(agency)
        try #require(all.count == 1)
        #expect(all[0].text("status") == "cancelled" && all[0].text("cancel_reason") == "ill")
    }

    @Test func `who did not come is told, and a forged event changes nothing`() throws {
        let (agency, door) = try connected()
        try tell(booked(), agency, door)
        try tell(
            [
                "event": "invitee_no_show.created", "created_at": "2027-01-05T10:00:00Z",
                "payload": [
                    "uri": "https://api.calendly.com/invitee_no_shows/N1", "invitee": .string(first),
                ],
            ], agency, door)
        #expect(try meetings(agency)[0].text("status") == "no_show")
        let hook = calendly.hook(moved[0], at: Int64(Date.now.timeIntervalSince1970), key: "another")
        let headers = Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let refused = try server.anonymous.request("POST", door, raw: hook.body, headers: headers)
        #expect(refused.status == 401)
        #expect(try meetings(agency)[0].text("external_id") == first)
    }

    @Test func `a meeting by hand keeps to what there is`() throws {
        let agency = try server.quietAgency()
        let body: JSONObject = ["title": "Call", "starts_at": "2027-01-05T09:00:00Z"]
        let made = try agency.owner.post("/v1/meetings", .object(body)).ok(201)
        #expect(made.text("status") == "scheduled")
        func faults(_ name: String, _ value: JSON) throws -> [String: String] {
            var wrong = body
            wrong[name] = value
            return try agency.owner.post("/v1/meetings", .object(wrong)).faults()
        }
        #expect(try faults("ends_at", "2027-01-05T08:00:00Z") == ["/ends_at": "out_of_range"])
        #expect(try faults("deal_id", "deal_00000000000000000000000000") == ["/deal_id": "unknown_reference"])
        try agency.owner.patch("/v1/meetings/\(made.id)", ["status": "done"]).ok()
        #expect(try agency.owner.every("/v1/events").contains { $0.text("type") == "meeting.done" })
    }
}
