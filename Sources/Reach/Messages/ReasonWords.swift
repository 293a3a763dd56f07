internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Templates
internal import Tenancy
internal import Wording

/// Why messages are held, in the words of whoever reads it: stored in English, and told by its code.
extension Reason {
    func told(in words: Wording) -> JSON { json.merging(["detail": .string(saying.said(in: words))]) }
}

extension HeldMessageStore {
    /// Returns why some messages are held, by their ids; none where it is told as it is stored.
    func reasons(of ids: [String], to call: Call) throws -> [String: JSONObject] {
        let words = try tx.wordings.find(for: call)
        guard !words.areStandard, !ids.isEmpty else { return [:] }
        let held = try Message.resource.all(
            where: "id IN \(list: ids) AND reasons <> '[]'", suffix: "ORDER BY id", in: tx)
        return Dictionary(held.map { ("\($0.id)", $0.heldReasons(in: words)) }) { first, _ in first }
    }
}

extension Message {
    /// Answers with the message, and why it is held, in the words of whoever calls.
    func response(
        to call: Call, in reader: some Queryable, status: Int = 200, location: String? = nil,
        extra: JSONObject = [:]
    ) throws -> Response {
        var members = extra
        let words = try reader.wordings.find(for: call)
        if !words.areStandard, !reasons.list.isEmpty {
            members["reasons"] = heldReasons(in: words)["reasons"]
        }
        return try .told(self, to: call, in: reader, status: status, location: location, extra: members)
    }

    fileprivate func heldReasons(in words: Wording) -> JSONObject {
        reasons.list.isEmpty ? [:] : ["reasons": .array(reasons.list.map { $0.told(in: words) })]
    }
}
