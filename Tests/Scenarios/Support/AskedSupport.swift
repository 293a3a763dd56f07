import JSON
import Testing

extension Caller {
    /// Publishes an article, and enters the mail of somebody whose question it answers.
    func askAboutLogo() throws {
        try post(
            "/v1/articles",
            [
                "title": "Changing your logo", "status": "published",
                "body": "Open *Settings*, then Branding, and upload the picture.",
            ]
        ).ok(201)
        let contact = try post("/v1/contacts", ["name": "Jane Doe", "email": "jane@client.example"]).ok(201)
        try ticket(
            "Our logo", "How do I change my logo?",
            ["contact_id": .string(contact.id), "source": "email"])
    }

    /// Solves the ticket of somebody who is asked an hour later whether they were helped.
    func solveForSurvey() throws {
        try post(
            "/v1/surveys", ["name": "Help", "question": "Were you helped?", "asked": "after_ticket"]
        ).ok(201)
        let contact = try post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        let ticket = try ticket("Logo", "It is old.", ["contact_id": .string(contact.id)])
        try post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
    }
}
