import JSON
import StandIns
import Testing

/// Content is judged by all of its words that readers see, not by its body alone.
@Suite(.ownThread) struct BesideContent {
    let server = BureauProcess.shared

    private func found(_ owner: Caller, _ body: JSON) throws -> [String] {
        // Words as few as these do not say by themselves in which language they are.
        let item = try owner.post("/v1/content-items", body.merging(["locale": "en"])).ok(201)
        let report = try owner.post("/v1/content-items/\(item.id)/check").ok()
        let replay = try owner.post("/v1/decisions/\(report.text("decision_id"))/replay").ok()
        #expect(replay["same"] == true, "\(replay)")
        let findings = report["findings"]?.array ?? []
        #expect(findings.allSatisfy { $0["start"] == .null }, "nothing of it is in the body")
        return findings.map { "\($0.text("code")) \($0.text("evidence"))" }.sorted()
    }

    @Test func `headline, subject, versions and words of pictures are judged as the body is`() throws {
        let owner = try server.quietAgency().owner
        try owner.post("/v1/brands", ["name": "Acme", "banned": ["cheap"]]).ok(201)
        let film: JSON = ["title": "Tea cures pain", "format": "video", "body": "Our garden is open in May."]
        #expect(try found(owner, film) == ["claim_without_source cures"])
        // The title of a mail is for colleagues, and its readers see the subject.
        let mail: JSON = [
            "title": "Tea cures pain", "format": "email", "subject": "A cheap tea, risk free",
            "body": "We have planted roses below the wall.",
        ]
        #expect(try found(owner, mail) == ["banned_word cheap", "claim_without_source risk free"])
        let message: JSON = [
            "title": "News", "type": "educational", "subject": "News",
            "body": "Bring gloves and warm shoes on Sunday.",
            "variants": [
                ["name": "short", "subject": "HURRY UP THIS WEEK", "body": "Come in May: it is risk free."],
                ["name": "other", "body": "Write to jane.doe@mail.example.com."],
            ],
        ]
        #expect(
            try found(owner, message) == [
                "claim_without_source risk free", "personal_data jane.doe@mail.example.com",
                "shouting HURRY UP THIS WEEK",
            ])
        let picture = try owner.upload(SampleMedia.jpeg(1000, 1000), "a.jpg")
        let social: JSON = [
            "title": "Garden", "format": "social", "body": "The bench under the oak is new.",
            "media": [["file_id": .string(picture.id), "alt_text": "A cheap bench."]],
        ]
        #expect(try found(owner, social) == ["banned_word cheap"])
    }

    @Test func `a false promise in a subject keeps a piece from its review as one in the body does`() throws {
        let owner = try server.quietAgency().owner
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Tea", "format": "email", "subject": "Our tea cures pain", "body": "It is in stock.",
                "status": "draft", "locale": "en",
            ]
        ).ok(201)
        let refused = try owner.post("/v1/content-items/\(item.id)/submit")
        #expect(refused.status == 409, "\(refused)")
        try owner.patch("/v1/content-items/\(item.id)", ["subject": "Our tea is here"]).ok()
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
    }
}
