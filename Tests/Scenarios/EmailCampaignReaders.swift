import Foundation
import JSON
import StandIns
import Testing

/// The mails of an e-mail campaign as their readers get them, and the links that are followed in them.
@Suite(.ownThread) struct EmailCampaignReaders {
    let server = BureauProcess.shared

    @Test func `a campaign's mail has the postal address and the way out, which one click takes`() throws {
        let agency = try server.quietAgency(), sink = try SMTPStandIn(), owner = agency.owner
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        let contact = try agency.makeLead(1).text("contact_id")
        let campaign = try owner.mailCampaign()
        try owner.mailCampaign(campaign, "schedule").ok()
        try eventuallyTrue("the mail") { try owner.status(ofMailCampaign: campaign) == "sent" }
        let mail = try #require(sink.mails.first).text
        let start = try #require(mail.firstRange(of: "\r\n\r\n")).upperBound
        let body = mail[start...].replacing("=\r\n", with: "").replacing("=3D", with: "=")
        for part in ["1 Example Street, 12345 Exampletown", "/u/"] {
            #expect(body.ranges(of: part).count >= 2, "\(part) in plain words and in HTML")
        }
        #expect(header("List-Unsubscribe-Post", of: mail) == "List-Unsubscribe=One-Click")
        let list = try #require(header("List-Unsubscribe", of: mail))
        let link = try String(list[#require(list.firstRange(of: "/u/")).lowerBound...].prefix { $0 != ">" })
        #expect(body.contains(link), "the same in the words")
        let click = try server.anonymous.post(
            link, raw: Array("List-Unsubscribe=One-Click".utf8), type: "application/x-www-form-urlencoded")
        #expect(click.status == 200)
        #expect(try agency.reasons(["id": .string(contact)]).contains("unsubscribed"))
    }

    @Test func `a link that a person follows counts for the mail's variant, a program's does not`() throws {
        let agency = try server.quietAgency(), sink = try SMTPStandIn(), owner = agency.owner
        try agency.readyToMail(["tracking": ["opens": false, "clicks": true]])
        try agency.connect("smtp", sink.url)
        for number in 0..<2 { _ = try agency.makeLead(number) }
        let body = "[Read it](https://www.agency.example/news#top)"
        let campaign = try owner.mailCampaign(["template_id": .string(try owner.mailTemplate("N", body).id)])
        try owner.mailCampaign(campaign, "schedule").ok()
        try eventuallyTrue("both mails") { try owner.status(ofMailCampaign: campaign) == "sent" }
        func follow(_ mail: String, _ agent: String) throws {
            let text = mail.replacing("=\r\n", with: "").replacing("=3D", with: "=")
            let start = try #require(text.firstRange(of: "/t/")?.lowerBound)
            let path = String(text[start...].prefix { $0 != "\"" && $0 != ">" && !$0.isWhitespace })
            let answer = try server.anonymous.get(path, ["User-Agent": agent])
            #expect(answer.header("Location") == "https://www.agency.example/news#top")
        }
        try follow(
            sink.mails[0].text, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        try follow(sink.mails[1].text, "Barracuda Sentinel (EE)")
        let variant = try #require(owner.results(ofMailCampaign: campaign)["variants"]?.array?.first)
        #expect(variant["name"] == "plain" && variant["sent"] == 2 && variant["clicked"] == 1)
        #expect(variant["machine_clicked"] == 1, "both are shown, apart")
    }

    @Test func `three links of one mail followed at once are a program's, and the first ones taken back`()
        throws
    {
        let agency = try server.quietAgency(), sink = try SMTPStandIn(), owner = agency.owner
        try agency.readyToMail(["tracking": ["opens": false, "clicks": true]])
        try agency.connect("smtp", sink.url)
        for number in 0..<2 { _ = try agency.makeLead(number) }
        let body = (1...3).map { "[Page \($0)](https://www.agency.example/\($0))" }.joined(separator: "\n\n")
        let campaign = try owner.mailCampaign(["template_id": .string(try owner.mailTemplate("N", body).id)])
        try owner.mailCampaign(campaign, "schedule").ok()
        try eventuallyTrue("both mails") { try owner.status(ofMailCampaign: campaign) == "sent" }
        func links(_ mail: String) -> [String] {
            let text = mail.replacing("=\r\n", with: "").replacing("=3D", with: "=")
            return text.ranges(of: "href=\"").compactMap { place -> String? in
                let address = text[place.upperBound...].prefix { $0 != "\"" }
                return address.firstRange(of: "/t/").map { String(address[$0.lowerBound...]) }
            }
        }
        let person = ["User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"]
        func clicked() throws -> JSON? {
            try owner.results(ofMailCampaign: campaign)["variants"]?.array?.first?["clicked"]
        }
        let (hasty, calm) = (links(sink.mails[0].text), links(sink.mails[1].text))
        try #require(hasty.count >= 3 && calm.count >= 3)
        try owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let reader = try #require(
            owner.every("/v1/leads").first { sink.mails[0].recipients.contains($0.text("email")) })
        func worth() throws -> [JSON?] {
            let figure = try owner.get("/v1/contacts/\(reader.text("contact_id"))/engagement").ok()
            return [figure["score"], figure["activities"], try agency.score(reader.id)["outcome"]?["score"]]
        }
        let before = try worth()
        for link in hasty.prefix(2) { _ = try server.anonymous.get(link, person) }
        #expect(try clicked() == 1 && worth() != before, "two may be a person's")
        _ = try server.anonymous.get(hasty[2], person)
        #expect(try clicked() == 0 && worth() == before, "neither engagement nor score is raised")
        for _ in 0..<4 { _ = try server.anonymous.get(calm[0], person) }
        #expect(try clicked() == 1, "one link again and again is a person's")
        let messages = try owner.every("/v1/messages?direction=outbound")
        #expect(messages.count { $0["clicked_at"] != .null } == 1)
        let acts = try messages.flatMap { message in
            try owner.every("/v1/contacts/\(message.text("contact_id"))/activities?source=human")
        }
        #expect(acts.count { $0.text("type") == "link_click" } == 1, "no score is raised by a program")
    }
}
