internal import Database
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

extension OutboxStore {
    /// Returns why some messages are held, by their ids; none where it is told as it is stored.
    func heldReasons(of ids: [String], to call: Call) throws -> [String: JSONObject] {
        let words = try tx.wordings.find(for: call)
        guard !words.areStandard, !ids.isEmpty else { return [:] }
        let held = try Message.resource.all(
            where: "id IN \(list: ids) AND reasons <> '[]'", suffix: "ORDER BY id", in: tx)
        let told = held.map { message -> (String, JSONObject) in
            ("\(message.id)", ["reasons": .array(message.reasons.list.map { $0.told(in: words) })])
        }
        return Dictionary(told) { first, _ in first }
    }
}
