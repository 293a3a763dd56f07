internal import JSON
internal import Records
internal import Templates
internal import Wording

/// The sentences in which Bureau says what it concludes of a company: stored in English, and known by their form. What
/// others say is told as they say it.
extension Fact {
    private static let sentences = ["peers.", "research."]

    /// The fact in the words of whoever reads it.
    func json(in words: Wording) -> JSON {
        let json = Self.schema.json(self)
        guard source.kind == .model, !words.areStandard else { return json }
        if let list = value.array {
            return json.merging(["value": .array(list.map { told($0, in: words) })])
        }
        guard let reasoning = value["reasoning"] else { return json }
        return json.merging(["value": value.merging(["reasoning": told(reasoning, in: words)])])
    }

    /// Several sentences have a semicolon between them.
    private func told(_ value: JSON, in words: Wording) -> JSON {
        guard let text = value.text else { return value }
        let parts = text.split(separator: "; ").map {
            Saying.told(String($0), among: Self.sentences, in: words)
        }
        return .string(parts.joined(separator: "; "))
    }
}
