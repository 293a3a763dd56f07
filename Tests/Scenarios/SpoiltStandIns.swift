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
            ("wordpress", "wordpress", "blog_publishing", "expired"), ("hubspot", "hubspot", "crm", "expired"),
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
}
