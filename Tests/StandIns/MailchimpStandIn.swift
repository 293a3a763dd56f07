import Cryptography
import JSON
import Synchronization

/// Mailchimp: an audience whose members are found by the hash of their addresses, and its webhooks.
package final class MailchimpStandIn: Sendable {
    package let apiKey = "0123456789abcdef0123456789abcdef-us6", list = "L1"
    package let service: ServiceStandIn
    private let members: Members

    package init() throws {
        let (members, list, bearer) = (Members(), list, "Bearer \(apiKey)")
        self.members = members
        service = try ServiceStandIn { request in
            let proof = request.header("Authorization") ?? ""
            guard proof.hasPrefix("Basic ") || proof == bearer else {
                return Self.problem(401, "API Key Invalid")
            }
            if request.path == "/3.0/ping" {
                return StandInAnswer(200, #"{"health_status":"Everything's Chimpy!"}"#)
            }
            guard request.path.hasPrefix("/3.0/lists/\(list)/members") else {
                return Self.problem(404, "Resource Not Found")
            }
            return members.answer(request, list)
        }
    }

    package static func problem(_ status: Int, _ title: String) -> StandInAnswer {
        let body: JSON = ["title": .string(title), "status": .integer(Int64(status)), "detail": "It is so."]
        return StandInAnswer(status, body.serialized, headers: [("Content-Type", "application/problem+json")])
    }

    /// Returns an address's state on the list.
    package subscript(address: String) -> String? {
        get { members.state.withLock { $0[address] } }
        set { members.state.withLock { $0[address] = newValue } }
    }

    /// The tags of a member, as they were set.
    package func tags(of address: String) -> [String] { members.tags.withLock { $0[address] ?? [] } }

    /// A webhook of the list; nothing proves it.
    package func hook(
        _ type: String, _ address: String, list: String? = nil, at moment: String
    ) -> StandInHook {
        let fields = [
            ("type", type), ("fired_at", moment), ("data[list_id]", list ?? self.list),
            ("data[email]", address),
            ("data[reason]", "manual"),
        ]
        return .form(fields)
    }
}

extension StandInHook {
    /// A form whose names and values are escaped.
    static func form(_ fields: [(String, String)]) -> StandInHook {
        func escaped(_ text: String) -> String {
            text.utf8.map { byte in
                let isPlain =
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
                return isPlain
                    ? String(UnicodeScalar(byte))
                    : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
            }.joined()
        }
        let body = fields.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
        return StandInHook([("Content-Type", "application/x-www-form-urlencoded")], Array(body.utf8))
    }
}

private final class Members: Sendable {
    let state = Mutex<[String: String]>([:])
    let tags = Mutex<[String: [String]]>([:])

    private static func member(_ address: String, _ status: String, _ list: String) -> JSON {
        [
            "id": .string(Hex.encode(MD5.hash(Array(address.lowercased().utf8)))),
            "email_address": .string(address), "status": .string(status), "list_id": .string(list),
            "merge_fields": ["FNAME": "Ana", "LNAME": "López", "PHONE": ""],
            "last_changed": "2026-01-15T10:00:00+00:00",
        ]
    }

    func answer(_ request: ReceivedRequest, _ list: String) -> StandInAnswer {
        state.withLock { members in
            let parts = request.path.split(separator: "/").map(String.init)
            guard parts.count >= 5 else {
                let status = request.query("status")
                let found = members.filter { status == nil || $0.value == status }.sorted { $0.key < $1.key }
                let offset = request.query("offset").flatMap { Int($0) } ?? 0
                let count = request.query("count").flatMap { Int($0) } ?? 10
                let page = found.dropFirst(offset).prefix(count).map { Self.member($0.key, $0.value, list) }
                let body: JSON = ["members": .array(Array(page)), "total_items": JSON(found.count)]
                return StandInAnswer(200, body.serialized)
            }
            let hash = { (address: String) in Hex.encode(MD5.hash(Array(address.lowercased().utf8))) }
            let named = parts[4].replacing("%40", with: "@")
            guard let known = members.keys.first(where: { hash($0) == named || $0 == named }) else {
                return MailchimpStandIn.problem(404, "Resource Not Found")
            }
            if request.method == "POST", parts.last == "tags" {
                let given = (try? JSONParser.parse(request.body))?["tags"]?.array ?? []
                tags.withLock { all in
                    for tag in given
                    where tag["status"] == "active" && !(all[known] ?? []).contains(tag["name"]?.text ?? "") {
                        all[known, default: []].append(tag["name"]?.text ?? "")
                    }
                }
                return StandInAnswer(204, "")
            }
            if request.method == "PATCH" || request.method == "PUT",
                let status = (try? JSONParser.parse(request.body))?["status"]?.text
            {
                if status == "subscribed", members[known] != "subscribed" || members[known] == "cleaned" {
                    return MailchimpStandIn.problem(400, "Member In Compliance State")
                }
                members[known] = status
            }
            return StandInAnswer(200, Self.member(known, members[known] ?? "", list).serialized)
        }
    }
}
