package import JSON
package import Records
package import Templates
package import Wording

/// Sentences in the documents of decisions. Each stands there in English, for programs; beside it, in `said`, is what
/// it is made of, so that whoever reads the decision reads it in their language.
extension JSON {
    private static let said = "said"

    /// Returns the object with a sentence as one of its members. Words of somebody's are told as they are.
    package func saying(_ member: String, _ saying: Saying) -> JSON {
        var object = self.object ?? [:]
        object[member] = .string(saying.english)
        guard !saying.key.isEmpty else { return .object(object) }
        var said = object[Self.said]?.object ?? [:]
        said[member] = saying.json
        object[Self.said] = .object(said)
        return .object(object)
    }

    /// The document as programs read it: its sentences in English, without what they are made of.
    package var withoutSayings: JSON { spoken { _, english in english } }

    /// Returns the document with its sentences in the reader's words. Those of earlier releases are in English alone.
    package func spoken(in words: Wording, _ zone: TimeZoneRules) -> JSON {
        spoken { saying, _ in .string(saying.said(in: words, zone)) }
    }

    private func spoken(_ tell: (Saying, _ english: JSON) -> JSON) -> JSON {
        if let array { return .array(array.map { $0.spoken(tell) }) }
        guard let object else { return self }
        let said = sayings(of: object)
        return .object(
            JSONObject(
                object.members.compactMap { name, value in
                    if name == Self.said, !said.isEmpty { return nil }
                    return (name, said[name].map { tell($0, value) } ?? value.spoken(tell))
                }))
    }

    /// Returns of what the members of an object are made; nothing where a member of another meaning has that name.
    private func sayings(of object: JSONObject) -> [String: Saying] {
        var sayings: [String: Saying] = [:]
        for (name, value) in object[Self.said]?.object?.members ?? [] {
            guard let saying = Saying(json: value) else { return [:] }
            sayings[name] = saying
        }
        return sayings
    }
}

extension Decision {
    /// A document as it is stored, in the reader's words, or else as programs read it.
    static func spoken(_ document: String, in reader: (words: Wording, zone: TimeZoneRules)?) -> String {
        // Most have no sentence.
        guard document.utf8.contains("\"said\"".utf8) else { return document }
        let json = JSON(stored: document)
        return (reader.map { json.spoken(in: $0.words, $0.zone) } ?? json.withoutSayings).serialized
    }
}
