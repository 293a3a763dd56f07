import Agents
import JSON
import Providers
import StandIns
import Testing

@testable import Integrations

/// Contacts of marketing services as data: read, handed over, and never subscribed.
struct ListConnectorTests {
    @Test func `their connectors are documents without faults, which can be tested, listed and mapped`()
        throws
    {
        #expect(ListDocuments.documents.keys.sorted() == ["activecampaign", "mailchimp"])
        for (name, document) in ListDocuments.documents {
            let (connector, faults) = ConnectorDocument.read(document)
            #expect(faults.isEmpty, "\(name): \(faults)")
            let contacts = try #require(connector?[object: "contacts"])
            #expect(
                connector?.test != nil && contacts.list != nil && contacts.find != nil && contacts.get != nil)
            #expect(contacts.fields.filter(\.isKey).map(\.name) == ["email"])
            // A connector that could write it could subscribe somebody.
            #expect(!contacts.fields.contains { $0.name.contains("status") && !$0.isReadOnly })
        }
    }

    @Test func `Mailchimp's members are read page by page, found and renamed, and nobody is added`()
        async throws
    {
        let standIn = try MailchimpStandIn()
        for number in 0..<510 { standIn["a\(number)@x.example"] = "subscribed" }
        let bench = try await ConnectorBench(
            "mailchimp", standIn.service.url, ["api_key": standIn.apiKey], ["list_id": .string(standIn.list)])
        let found = try await bench.all("contacts")
        #expect(found.count == 510 && found[0].fields["full_name"] == "Ana López")
        let contacts = try bench.object("contacts")
        #expect(try await bench.client.find(contacts, by: "a7@x.example").count == 1)
        try await bench.client.update(contacts, found[0].id, ["first_name": "Eva"], key: "k1")
        let sent = try #require(standIn.service.requests.last)
        let body = try JSONParser.parse(sent.body)
        #expect(sent.method == "PATCH" && body["merge_fields"]?["FNAME"] == "Eva" && body["status"] == nil)
        #expect(
            await code { _ = try await bench.client.create(contacts, ["first_name": "Eva"], key: "k2") }
                == "not_supported")
    }

    @Test func `ActiveCampaign's contacts are read and handed over, and on no list by that`() async throws {
        let standIn = try ActiveCampaignStandIn()
        for number in 0..<130 { standIn.add("a\(number)@x.example", "1") }
        let bench = try await ConnectorBench(
            "activecampaign", standIn.service.url, ["api_key": standIn.apiKey],
            ["list_id": .string(standIn.list)])
        #expect(try await bench.all("contacts").count == 130)
        let contacts = try bench.object("contacts")
        let id = try await bench.client.create(
            contacts, ["email": "new@x.example", "full_name": "Ana López"], key: "k1")
        #expect(!id.isEmpty && standIn.status(of: "new@x.example") == "")
        let sent = try JSONParser.parse(try #require(standIn.service.requests.last).body)
        #expect(sent["contact"]?["firstName"] == "Ana" && sent["contact"]?["lastName"] == "López")
    }
}
