internal import Wording

/// A template that a new agency begins with, in English, with a variant in every other language that there are words
/// in: a mail is answered in its own language. An agency changes them as it likes.
package struct SeedTemplate {
    /// The name in the agency's list.
    let name: String
    let kind: String
    /// The name that the catalogues have for it among those of its kind; `nil` where it is the only one.
    let part: String?

    package init(_ name: String, kind: String, part: String? = nil) {
        (self.name, self.kind, self.part) = (name, kind, part)
    }

    /// The words of the catalogues.
    func said(_ words: Wording) -> (subject: String, body: String) {
        guard let part else {
            return (words.template("template.\(kind).subject"), words.template("template.\(kind).body"))
        }
        return (
            words.template("template.\(kind).\(part).subject"), words.template("template.\(kind).\(part).body")
        )
    }
}
