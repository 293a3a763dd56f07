import JSON
import Testing
import Wording

@testable import Templates

@Suite struct `Sentences that are stored in English alone` {
    private let kinds = ["approval.", "change_set.", "deliverable_check.", "package.price_", "message.why"]

    private let sayings: [Saying] = [
        Saying("approval.write_to", ["name": .text("Jane Doe"), "subject": .text("Your logo: an idea")]),
        Saying("approval.send_to", ["document": .text("contract"), "name": .text("Jane")]),
        Saying("approval.offer", ["deal": .text("Acme"), "percent": .number(10)]),
        Saying("approval.by_default"), Saying("approval.tool", ["tool": .text("refund_payment")]),
        Saying("message.why_objects", ["kind": .text("no_need")]),
        Saying("message.why_no_answer", ["days": .number(3), "reminder": .number(1), "max": .number(2)]),
        Saying("change_set.remedies", ["rule": .text("lead_email_slip")]), Saying("change_set.archive"),
        Saying("deliverable_check.content", ["files": .number(1), "characters": .number(1200)]),
        Saying("deliverable_check.content", ["files": .number(0), "characters": .number(1)]),
        Saying("deliverable_check.words", ["count": .number(12)]),
        Saying("deliverable_check.version", ["way": .text("same"), "number": .number(2)]),
        Saying("deliverable_check.lacks", ["form": .text("table"), "words": .text("table")]),
        Saying("deliverable_check.lacks", ["form": .text("other"), "words": .text("coffee, beans")]),
        Saying("package.price_scope", ["count": .number(7)]),
        Saying("package.price_size", ["size": .text("small")]),
        Saying("package.price_industry", ["industry": .text("banking and law")]),
    ]

    @Test func `are told by the form that they have, with their values`() {
        for saying in sayings {
            let english = saying.english
            for language in Catalogue.languages {
                let words = Wording(language)
                #expect(Saying.told(english, among: kinds, in: words) == saying.said(in: words), "\(english)")
            }
        }
    }

    @Test(arguments: [
        "", "Call Jane first.", "Write to Jane", "Offer Acme", "0 files, many characters",
        "7 needs are to be served, says Jane.", "files, characters",
    ])
    func `stay as they are where they have none`(_ text: String) {
        #expect(Saying.recognised(text, among: kinds) == nil)
        #expect(Saying.told(text, among: kinds, in: Wording("de")) == text)
    }

    @Test func `have a form for each choice of a pattern, and none where it is no pattern`() {
        let pattern =
            "{kind, select, one {{count, plural, =0 {None} one {# day} other {# days}}} other {{kind}}}."
        let forms = SayingForm.forms(of: pattern)
        #expect(forms.count == 4)
        #expect(forms.compactMap { $0.values(in: "3 days.") }.first?["count"] == .number(3))
        for broken in ["{", "{a, select", "{a, date}", "it's", "{a, plural, one {#}"] {
            #expect(SayingForm.forms(of: broken).isEmpty, "\(broken)")
        }
    }

    @Test func `are told within documents, by the names of their members`() {
        let text = JSON.string(Saying("change_set.archive").english)
        let document: JSON = ["list": [["evidence": text, "text": text]], "evidence": 3]
        let told = document.told(["evidence"], among: kinds, in: Wording("de"))
        let item = told["list"]?.array?.first
        #expect(item?["evidence"] == "Archivierung ungenutzter Leads")
        #expect(item?["text"] == text && told["evidence"] == 3)
    }
}
