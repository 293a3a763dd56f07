package import JSON
internal import Templates
package import Wording

/// The questions of approvals, and their reasons. They are stored in English, for programs and for what is told
/// outside; whoever reads one here is told it in their words.
extension Approval {
    /// The keys of what agents ask. What workflows ask is the word of whoever has made them.
    private static let sentences = ["approval.", "message.why"]

    /// Returns the title and the reason in the reader's words; none where they read them as they are stored.
    package func told(in words: Wording) -> JSONObject {
        guard !words.areStandard else { return [:] }
        var told: JSONObject = ["title": .string(title(in: words))]
        if let reason = reason(in: words) { told["reason"] = .string(reason) }
        return told
    }

    /// Returns what is asked, in the reader's words.
    package func title(in words: Wording) -> String {
        if let tool {
            let call = Saying("approval.tool", ["tool": .text(tool)])
            if call.english == title { return call.said(in: words) }
        }
        return Saying.told(title, among: Self.sentences, in: words)
    }

    /// Returns why it is asked, in the reader's words.
    package func reason(in words: Wording) -> String? {
        reason.map { Saying.told($0, among: Self.sentences, in: words) }
    }
}
