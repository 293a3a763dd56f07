import JSON
import Records
import Telemetry
import Testing

@testable import Integrations

private let contacts: JSON = [
    "name": "contacts", "id": "/id", "updated_at": "/updated_at",
    "list": [
        "path": "/contacts", "query": ["since": "{{ since }}", "limit": "50"], "items": "/data",
        "next": ["kind": "token", "at": "/next", "parameter": "page"],
    ],
    "find": ["path": "/contacts", "query": ["email": "{{ key }}"], "items": "/data"],
    "create": ["path": "/contacts"], "update": ["path": "/contacts/{{ id }}", "method": "PUT"],
    "fields": [
        ["name": "email", "type": "email"], ["name": "street", "at": "/address/street"],
        ["name": "rank", "type": "integer", "read_only": true],
    ],
]

private let crm: JSON = [
    "name": "acme_crm", "title": "Acme CRM", "auth": ["kind": "bearer", "credential": "token"],
    "test": ["path": "/contacts", "query": ["limit": 1]], "objects": [contacts],
]

/// The faults of the document with a change, by their places.
private func faults(_ change: JSON) -> [String: String] {
    let (connector, faults) = ConnectorReading.read(crm.merging(change).object ?? [:])
    #expect((connector == nil) == !faults.isEmpty)
    return Dictionary(faults.list.map { ($0.pointer, $0.code) }) { first, _ in first }
}

private func faults(ofObject change: JSON) -> [String: String] {
    faults(["objects": [contacts.merging(change)]])
}

struct ConnectorDocuments {
    @Test func `a document says how a service is asked, and what its records are`() throws {
        let (read, faults) = ConnectorReading.read(crm.object ?? [:])
        #expect(faults.isEmpty)
        let connector = try #require(read), object = try #require(connector[object: "contacts"])
        #expect(connector.auth == .bearer(credential: "token") && connector.auth.credentials == ["token"])
        #expect(object.create?.question.method == "POST" && object.update?.question.method == "PUT")
        #expect(object[field: "rank"]?.isReadOnly == true && object[field: "street"]?.type == "text")
        #expect(object.list?.question.query.map(\.name) == ["since", "limit"])
    }

    @Test func `every fault is found at its place`() {
        #expect(faults(["auth": ["kind": "magic"]])["/auth/kind"] == "invalid_choice")
        #expect(faults(["auth": ["kind": "bearer", "credential": nil]]) == ["/auth/credential": "required"])
        #expect(faults(["auth": nil]) == ["/auth": "required"])
        #expect(faults(["name": "bad one"]) == ["/name": "invalid_key"])
        #expect(faults(["more": 1]) == ["/more": "unknown_field"])
        #expect(faults(["objects": [contacts, contacts]]) == ["/objects/1/name": "already_exists"])
        #expect(faults(ofObject: ["id": "no pointer"]) == ["/objects/0/id": "invalid_pointer"])
        #expect(faults(ofObject: ["id": "/a~2"]) == ["/objects/0/id": "invalid_pointer"])
        #expect(faults(ofObject: ["extra": 1]) == ["/objects/0/extra": "unknown_field"])
        #expect(faults(ofObject: ["list": nil]) == ["/objects/0/list": "required"])
        #expect(faults(ofObject: ["list": ["items": nil]]) == ["/objects/0/list/items": "required"])
        #expect(
            faults(ofObject: ["list": ["query": ["q": "{{ nonsense }}"]]])
                == ["/objects/0/list/query/q": "unknown_name"])
        #expect(
            faults(ofObject: ["list": ["next": ["kind": "guess"]]])
                == ["/objects/0/list/next/kind": "invalid_choice"])
        #expect(faults(ofObject: ["find": ["path": "contacts"]]) == ["/objects/0/find/path": "invalid_path"])
        let pagings: [(JSON, String, String)] = [
            (["at": nil], "at", "required"), (["at": "next"], "at", "invalid_pointer"),
            (["kind": "token", "parameter": nil], "parameter", "required"),
            (["kind": "page", "parameter": nil], "parameter", "required"),
            (["kind": "page", "first": -1], "first", "wrong_type"),
            (["kind": "offset", "parameter": nil], "parameter", "required"),
            (["kind": "link", "at": "next"], "at", "invalid_pointer"),
        ]
        for (change, member, code) in pagings {
            #expect(
                faults(ofObject: ["list": ["next": change]]) == ["/objects/0/list/next/\(member)": code],
                "\(change.serialized)")
        }
        let objects: [(JSON, String, String)] = [
            (["updated_at": "when"], "updated_at", "invalid_pointer"),
            (["find": ["items": nil]], "find/items", "required"),
            (["create": ["path": nil]], "create/path", "required"),
            (["create": ["id": "id"]], "create/id", "invalid_pointer"),
            (["update": ["path": "/contacts/{{ key }}"]], "update/path", "unknown_name"),
            (["delete": ["path": "/c/{{ id }}", "method": "ERASE"]], "delete/method", "invalid_choice"),
        ]
        for (change, member, code) in objects {
            #expect(faults(ofObject: change) == ["/objects/0/\(member)": code], "\(change.serialized)")
        }
        #expect(faults(["limits": ["minute": 5, "second": 1]]) == ["/limits/second": "unknown_field"])
        #expect(faults(["errors": [["code": "odd"]]]) == ["/errors/0/code": "invalid_choice"])
        let history: JSON = ["path": "/notes", "send": ["text": "{{ words }}"], "find": ["path": "/notes"]]
        #expect(
            faults(ofObject: ["history": history]) == [
                "/objects/0/history/send/text": "unknown_name", "/objects/0/history/id": "required",
                "/objects/0/history/find/items": "required", "/objects/0/history/find/id": "required",
                "/objects/0/history/find/text": "required",
            ])
        #expect(
            faults(ofObject: ["fields": [["name": "a", "type": "colour"]]])
                == ["/objects/0/fields/0/type": "invalid_choice"])
    }

    @Test func `a pointer reads and sets values, in objects that are made on the way`() throws {
        let place = try #require(ConnectorPointer("/data/0/a~1b"))
        #expect(place.value(in: ["data": [["a/b": 7]]]) == 7)
        #expect(place.value(in: ["data": []]) == nil)
        let deep = try #require(ConnectorPointer("/properties/email"))
        #expect(
            deep.setting("x", in: ["properties": ["name": "y"]]) == [
                "properties": ["name": "y", "email": "x"]
            ])
        #expect(ConnectorPointer("") == .whole && ConnectorPointer("data") == nil)
    }

    @Test func `a text is filled with values, and is none where one is missing`() {
        let text = ConnectorText("/contacts/{{ id }}/notes")
        #expect(text.names == ["id"])
        #expect(
            text.filled(with: names(["id": "a/b"]), escaping: \.percentEncoded) == "/contacts/a%2Fb/notes")
        #expect(text.filled(with: names([:])) == nil && text.filled(with: names(["id": ""])) == nil)
        #expect(ConnectorText("50").filled(with: names([:])) == "50")
    }

    private func names(_ values: [String: JSON]) -> ConnectorNames {
        ConnectorNames(values, now: Instant(seconds: 1_767_225_600))
    }
}

struct APIDirectories {
    @Test func `the file that the first start makes is without faults`() {
        var isAsked = false
        let (directory, faults) = APIDirectory.read(
            APIDirectory.standard,
            providers: {
                isAsked = true
                return []
            }())
        #expect(!isAsked, "each start reads it, and all providers would be made for their names")
        #expect(faults.isEmpty && directory.connectors.isEmpty)
        #expect(
            directory["abstract_email"]?.limits.month == 100 && directory["apideck"]?.limits.month == 2500)
        #expect(directory["maileroo_verify"]?.limits.month == 250)
        // Addresses are asked about at Abstract first, then at Maileroo, then at Hunter.
        let order = ["abstract_email", "maileroo_verify", "hunter"].compactMap { directory[$0]?.priority }
        #expect(order == order.sorted() && Set(order).count == 3, "\(order)")
        // Each says all that can be set, so that it can be edited by hand.
        let apis = APIDirectory.standard["apis"]?.object ?? [:]
        #expect(Set(apis.keys) == APIDirectory.standardNames)
        for (name, entry) in apis.members {
            let settings = ["base_url", "auth", "limits", "price", "priority", "enabled", "features"]
            #expect(entry.object.map { Array($0.keys) } == settings, "\(name)")
            #expect(entry["limits"]?.object.map { Set($0.keys) } == ["minute", "hour", "day", "month"])
            #expect(directory[name]?.baseURL?.hasPrefix("https://") == true, "\(name)")
        }
    }

    @Test func `an entry that is no provider is a connector, with its faults at their places`() {
        var entry = crm.object ?? [:]
        entry.remove("name")
        let settings: JSON = ["base_url": "https://crm.example", "limits": ["minute": 30], "priority": 5]
        func read(_ change: JSON) -> (APIDirectory, [Fault]) {
            let document: JSON = ["apis": ["own_crm": JSON.object(entry).merging(settings).merging(change)]]
            let read = APIDirectory.read(document, providers: [])
            return (read.directory, read.faults)
        }
        #expect(read([:]).0.connectors.map(\.name) == ["own_crm"])
        #expect(read(["enabled": false]).0.connectors.isEmpty)
        #expect(read(["limits": ["minute": "many"]]).1.map(\.pointer) == ["/apis/own_crm/limits/minute"])
        #expect(read(["auth": ["kind": "magic"]]).1.map(\.pointer) == ["/apis/own_crm/auth/kind"])
        #expect(read(["base_url": "ftp://x"]).1.map(\.pointer) == ["/apis/own_crm/base_url"])
        #expect(APIDirectory.read([:], providers: []).faults.map(\.pointer) == ["/apis"])
    }
}
