import JSON
import Synchronization

/// ActiveCampaign: contacts with their lists, five requests a second, and webhooks.
package final class ActiveCampaignStandIn: Sendable {
    package let apiKey = "ac-key", list = "2"
    package let service: ServiceStandIn
    private let contacts: Contacts

    /// `isStrict`: the sixth request within a second is refused.
    package init(isStrict: Bool = false) throws {
        let (contacts, key, list) = (Contacts(), apiKey, list)
        self.contacts = contacts
        service = try ServiceStandIn { request in
            guard request.header("Api-Token") == key else {
                return StandInAnswer(403, "<html>Forbidden</html>", headers: [("Content-Type", "text/html")])
            }
            if isStrict, contacts.isFast() {
                return StandInAnswer(429, "", headers: [("Retry-After", "1")])
            }
            return contacts.answer(request, list)
        }
    }

    /// Adds a contact to the list, with its status: 1 subscribed, 2 unsubscribed, 3 bounced.
    @discardableResult package func add(_ address: String, _ status: String) -> String {
        contacts.state.withLock { state in
            let id = "\(state.contacts.count + 7)"
            state.contacts.append((id, address, status))
            return id
        }
    }

    /// The tags of an address, and the automations that were started for it, each as often as it was.
    package func nurtured(_ address: String) -> (tags: [String], automations: [String]) {
        contacts.state.withLock { state in
            let id = state.contacts.first { $0.address == address }?.id
            return (
                state.tagged.filter { $0.contact == id }.map(\.tag),
                state.started.filter { $0.contact == id }.map(\.automation)
            )
        }
    }

    /// Makes the next start of an automation come through without an answer.
    package func cutNextStart() { contacts.state.withLock { $0.isCut = true } }

    package func status(of address: String) -> String? {
        contacts.state.withLock { state in state.contacts.first { $0.address == address }?.status }
    }

    package func hook(_ type: String, _ address: String, _ id: String, at moment: String) -> StandInHook {
        .form([
            ("type", type), ("date_time", moment), ("list", list), ("contact[id]", id),
            ("contact[email]", address),
        ])
    }
}

private final class Contacts: Sendable {
    struct State {
        var contacts: [(id: String, address: String, status: String)] = []
        var asked: [ContinuousClock.Instant] = []
        var tags: [(id: String, name: String)] = [("20", "customer")]
        var tagged: [(contact: String, tag: String)] = []
        var started: [(contact: String, automation: String)] = []
        var isCut = false
    }

    let state = Mutex(State())

    func isFast() -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            state.asked = state.asked.filter { now - $0 < .seconds(1) }
            guard state.asked.count < 5 else { return true }
            state.asked.append(now)
            return false
        }
    }

    func answer(_ request: ReceivedRequest, _ list: String) -> StandInAnswer {
        func json(_ body: JSON, _ status: Int = 200) -> StandInAnswer {
            StandInAnswer(status, body.serialized)
        }
        func shown(_ one: (id: String, address: String, status: String)) -> JSON {
            ["id": .string(one.id), "email": .string(one.address), "deleted": "0"]
        }
        let parts = request.path.split(separator: "/").map(String.init)
        return state.withLock { state in
            switch (request.method, parts.dropFirst(2).first, parts.count) {
            case ("GET", "users", _): return json(["user": ["id": "1", "email": "owner@agency.example"]])
            case ("GET", "contacts", 3):
                if let email = request.query("email") {
                    let found = state.contacts.filter { $0.address == email.replacing("%40", with: "@") }
                    return json([
                        "contacts": .array(found.map(shown)), "meta": ["total": .string("\(found.count)")],
                    ])
                }
                let after = request.query("id_greater").flatMap { Int($0) } ?? 0
                let status = request.query("status")
                let all = state.contacts.filter { contact in
                    (Int(contact.id) ?? 0) > after && (status == nil || contact.status == status)
                }
                let found = Array(all.dropFirst(request.query("offset").flatMap { Int($0) } ?? 0).prefix(100))
                return json([
                    "contacts": .array(found.map(shown)), "meta": ["total": .string("\(found.count)")],
                ])
            case ("POST", "contact", 4):
                let address = (try? JSONParser.parse(request.body))?["contact"]?["email"]?.text ?? ""
                guard !address.hasPrefix("taken@") else {
                    return json(
                        ["errors": [["title": "Email address already exists", "code": "duplicate"]]], 422)
                }
                // On no list: whoever is handed over is not subscribed.
                if !state.contacts.contains(where: { $0.address == address }) {
                    state.contacts.append(("\(state.contacts.count + 7)", address, ""))
                }
                guard let made = state.contacts.first(where: { $0.address == address }) else {
                    return json([:])
                }
                return json(["contact": shown(made)], 201)
            case ("GET", "contacts", 5):
                let lists = state.contacts.filter { $0.id == parts[3] && !$0.status.isEmpty }.map {
                    contact -> JSON in
                    [
                        "contact": .string(contact.id), "list": .string(list),
                        "status": .string(contact.status),
                    ]
                }
                return json(["contactLists": .array(lists)])
            case ("POST", "contactLists", _):
                let body = (try? JSONParser.parse(request.body))?["contactList"]
                guard let index = state.contacts.firstIndex(where: { $0.id == body?["contact"]?.text }),
                    let status = body?["status"]?.int
                else {
                    return json(
                        ["errors": [["title": "The contact does not exist.", "code": "related_missing"]]], 422
                    )
                }
                state.contacts[index].status = "\(status)"
                return json(["contactList": ["status": .string("\(status)")]], 201)
            case ("GET", "tags", 3):
                let offset = request.query("offset").flatMap { Int($0) } ?? 0
                let page = state.tags.dropFirst(offset).prefix(100).map { tag -> JSON in
                    ["id": .string(tag.id), "tag": .string(tag.name), "tagType": "contact"]
                }
                return json([
                    "tags": .array(Array(page)), "meta": ["total": .string("\(state.tags.count)")],
                ])
            case ("POST", "tags", 3):
                let name = (try? JSONParser.parse(request.body))?["tag"]?["tag"]?.text ?? ""
                guard !name.isEmpty, !state.tags.contains(where: { $0.name == name }) else {
                    return json(["errors": [["title": "The tag is there.", "code": "duplicate"]]], 422)
                }
                let id = "\(20 + state.tags.count)"
                state.tags.append((id, name))
                return json(["tag": ["id": .string(id), "tag": .string(name)]], 201)
            case ("POST", "contactTags", 3):
                let body = (try? JSONParser.parse(request.body))?["contactTag"]
                guard let tag = state.tags.first(where: { $0.id == body?["tag"]?.text }),
                    let contact = body?["contact"]?.text
                else { return json(["message": "No Result found"], 404) }
                if !state.tagged.contains(where: { $0 == (contact, tag.name) }) {
                    state.tagged.append((contact, tag.name))
                }
                return json(["contactTag": ["contact": .string(contact), "tag": .string(tag.id)]], 201)
            case ("POST", "contactAutomations", 3):
                let body = (try? JSONParser.parse(request.body))?["contactAutomation"]
                guard let contact = body?["contact"]?.text, body?["automation"] == "1" else {
                    return json(["message": "No Result found for Automation"], 404)
                }
                state.started.append((contact, "1"))
                guard !state.isCut else {
                    state.isCut = false
                    return StandInAnswer(504, "")
                }
                return json(["contactAutomation": ["contact": .string(contact), "automation": "1"]], 201)
            default: return json(["message": "No Result found"], 404)
            }
        }
    }
}
