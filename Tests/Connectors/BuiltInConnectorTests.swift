import JSON
import Providers
import Records
import Testing

@testable import Integrations

struct BuiltInConnectorTests {
    @Test func `every connector of the product is a document without faults`() {
        #expect(
            BuiltInConnectors.documents.keys.sorted() == [
                "apideck", "asana", "google_sheets", "hubspot", "jira", "pipedrive", "salesforce", "segment",
                "trello",
            ])
        for (name, document) in BuiltInConnectors.documents {
            let (connector, faults) = ConnectorDocument.read(document)
            #expect(faults.isEmpty, "\(name): \(faults)")
            #expect(connector?.name == name)
        }
    }

    @Test func `each can be tested, listed, found, written and mapped`() throws {
        for (name, document) in BuiltInConnectors.documents {
            let connector = try #require(ConnectorDocument.read(document).connector)
            #expect(connector.test != nil, "\(name)")
            for object in connector.objects {
                let place = "\(name)/\(object.name)"
                #expect(object.list != nil && object.get != nil && object.local != nil, "\(place)")
                #expect(object.create != nil && object.update != nil, "\(place)")
                #expect(object.find != nil || object.name == "opportunities", "\(place)")
                #expect(object.fields.filter(\.isKey).count == 1, "\(place)")
                let locals = object.fields.compactMap(\.local)
                #expect(Set(locals).count == locals.count && locals.count >= 2, "\(place)")
                let hooked = connector.hooks?.objects.map(\.object) ?? []
                #expect(connector.hooks == nil || hooked.contains(object.name), "\(place)")
            }
        }
    }

    @Test func `a value is compared as the service will give it back`() throws {
        func field(_ connector: String, _ object: String, _ name: String) throws -> ConnectorField {
            let document = try #require(BuiltInConnectors.documents[connector])
            let read = try #require(ConnectorDocument.read(document).connector)
            return try #require(read[object: object]?[field: name])
        }
        let completed = try field("asana", "tasks", "completed")
        #expect(completed.canonical("doing") == "todo" && completed.canonical("done") == "done")
        #expect(try completed.written("done") == true && completed.written("blocked") == false)
        let employees = try field("hubspot", "companies", "numberofemployees")
        #expect(try employees.canonical(120) == 120 && employees.written(120) == "120")
        let amount = try field("hubspot", "deals", "amount")
        let money = Money(amount: 150_050, currency: "EUR").json
        #expect(amount.canonical(money) == money)
        #expect(
            try amount.setting(money, in: [:]) == [
                "properties": ["amount": "1500.5", "deal_currency_code": "EUR"]
            ])
        let name = try field("hubspot", "contacts", "full_name")
        #expect(
            try name.setting("Ana María López", in: [:]) == [
                "properties": ["firstname": "Ana María", "lastname": "López"]
            ])
        #expect(name.canonical("Ana María López") == "Ana María López" && name.canonical("López") == "López")
        let description = try field("jira", "issues", "description")
        #expect(description.canonical("One\n\nTwo") == "One\n\nTwo")
        let domain = try field("hubspot", "companies", "domain")
        #expect(domain.canonical("https://www.Acme.example/about") == "https://acme.example")
        let status = try field("jira", "issues", "status")
        #expect(status.canonical("blocked") == "doing" && !status.isInBody)
    }
}
