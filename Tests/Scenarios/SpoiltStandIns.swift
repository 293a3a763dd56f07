import JSON
import StandIns
import Testing

/// Stand-ins that are started by hand have bad days, which Bureau tells.
@Suite(.ownThread) struct SpoiltStandIns {
    let server = BureauProcess.shared

    @Test func `a service of each kind is connected and spoilt at the desk, and its test tells it`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let desk = try TypedDesk(for: server)
        let kinds = [
            ("x", "x", "social_publishing", "expired"),
            ("instagram_posts", "instagram", "social_publishing", "shape"),
            ("meta_ads", "meta_ads", "advertising", "broken"),
            ("wordpress", "wordpress", "blog_publishing", "expired"),
            ("hubspot", "hubspot", "crm", "expired"),
            ("asana", "asana", "projects", "expired"),
            ("google_sheets", "google_sheets", "spreadsheets", "broken"),
            ("mailchimp", "mailchimp", "marketing", "shape"),
            ("google_analytics", "google_analytics", "analytics", "broken"),
            ("dropbox_sign", "dropbox_sign", "signatures", "expired"),
        ]
        for (name, provider, capability, fault) in kinds {
            try desk.type("connect \(agency.token) \(name)", until: "connected")
            let made = try #require(
                owner.every("/v1/integrations").first {
                    $0.text("provider") == provider && $0.text("capability") == capability
                })
            let path = "/v1/integrations/\(made.id)/test"
            #expect(try owner.post(path).ok()["ok"] == true, "\(name)")
            // Bureau may meet the bad day before, as it reads by itself, and looks for some services first.
            try eventuallyTrue("\(name) is told to be \(fault)") {
                for _ in 0..<3 {
                    try desk.type("spoil \(name) \(fault)", until: "the next request to \(name)")
                }
                return try owner.post(path).ok()["ok"] == false
            }
            try eventuallyTrue("\(name) is good again") { try owner.post(path).ok()["ok"] == true }
        }
        try desk.type("spoil x sideways", until: "Such a service is spoilt as")
        try desk.type("spoil nobody lost", until: "Which one?")
    }

    @Test func `services of short messages are spoilt, and nothing is heard twice, forged or sent blindly`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let desk = try TypedDesk(for: server)
        let words = [
            "lost": "is taken, and the connection ends before the answer",
            "unwanted": "is refused for whom it goes to",
        ]
        // Slack and Twilio can be asked for what was lost; at Twilio somebody has said STOP.
        let services: [(provider: String, channel: String, faults: [(how: String, end: String)])] = [
            ("slack", "slack", [("lost", "sent"), ("unwanted", "failed")]),
            ("twilio", "sms", [("lost", "sent"), ("unwanted", "bounced")]),
            ("messenger", "messenger", [("unwanted", "failed"), ("lost", "unknown")]),
            ("instagram", "instagram", [("unwanted", "failed"), ("lost", "unknown")]),
        ]
        for (provider, channel, faults) in services {
            try desk.type("connect \(agency.token) \(provider)", until: "connected")
            let made = try #require(
                try owner.every("/v1/integrations").first { $0.text("provider") == provider })
            if provider == "twilio" {
                // The tests' server listens on a port that its settings do not name.
                let home: JSON = ["public_url": .string(TextLine.home(of: server))]
                let settings = (made["settings"] ?? [:]).merging(home)
                let change: JSON = ["settings": settings, "credentials": try TwilioStandIn().credentials]
                try owner.patch("/v1/integrations/\(made.id)", change).ok()
            }
            try desk.type("spoil \(provider) twice", until: "what somebody writes is told twice")
            try desk.type("spoil \(provider) forged", until: "Bureau answered 401")
            try agency.hooksWorkedOn()
            let receipts = try owner.every("/v1/hook-receipts").map(\.serialized)
            let isThere = try !owner.every("/v1/conversations?channel=\(channel)").isEmpty
            try #require(isThere, "\(provider) has told \(receipts)")
            let conversation = try agency.conversation(on: channel)
            let said = try agency.said(in: conversation).map { $0.text("text") }
            #expect(said == ["Told twice"], "\(provider)")
            for (how, end) in faults {
                try desk.type("spoil \(provider) \(how)", until: "the next message \(words[how] ?? "")")
                try agency.message(try agency.answer(conversation, "It is \(how)."), end)
            }
        }
        let looks = try owner.every("/v1/tool-calls?tool=look_up_message")
        #expect(looks.map { $0.text("state") } == ["succeeded", "succeeded"])
        try desk.type("spoil slack late", until: "Slack tells nothing of what becomes of a message.")
        try desk.type("spoil twilio sideways", until: "Such a service is spoilt as: lost, silent")
    }
}
