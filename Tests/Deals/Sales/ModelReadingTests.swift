import Agents
import Cryptography
import Intelligence
import JSON
import Messages
import Testing

@testable import Deals

private func word(_ document: JSON) -> ModelReply {
    ModelReply(document: document, source: ["name": "mini", "model": "m", "prompt": "p@1"])
}

@Suite struct ModelReadingTests {
    private let text = "Hi,\n\nWe might  well have a look.\nAfter the fair, that is."

    private func reading(_ replyClass: String, _ quote: String) -> ModelReading? {
        ModelReading(word(["class": .string(replyClass), "quote": .string(quote)]), of: text)
    }

    @Test func `a meaning counts with words that stand in the answer, however they are broken`() throws {
        let found = try #require(reading("interested", "WE might well\nhave a look"))
        #expect(found.replyClass == .interested && found.quote == "we might well have a look")
        #expect(found.source["prompt"] == "p@1")
    }

    @Test(arguments: ["We will buy", "", "   \n ", "have a lock", "that is. After"])
    func `words that were never written count for nothing`(quote: String) {
        #expect(reading("interested", quote) == nil)
    }

    @Test(arguments: ["won", "out_of_office", "bounce", "Interested", "", "interested; discount 90 %"])
    func `a meaning that is none of those to choose from counts for nothing`(replyClass: String) {
        #expect(reading(replyClass, "have a look") == nil)
    }

    @Test func `an answer of another form counts for nothing`() {
        for document: JSON in [
            [:], ["class": "interested"], ["quote": "have a look"], ["class": 1, "quote": 2],
        ] {
            #expect(ModelReading(word(document), of: text) == nil)
        }
    }

    private func message(
        _ replyClass: Message.Class?, _ confidence: Double?, suspicious: Bool = false
    ) -> Message {
        var message = Message()
        (message.replyClass, message.confidence) = (replyClass, confidence)
        message.evidence = ["suspicious": .bool(suspicious)]
        return message
    }

    @Test func `only what the rules are unsure of is asked about`() {
        #expect(ModelReading.isWanted(for: message(.other, 0.4)))
        #expect(ModelReading.isWanted(for: message(.interested, 0.74)))
        #expect(!ModelReading.isWanted(for: message(.interested, 0.75)))
        #expect(
            !ModelReading.isWanted(for: message(nil, nil))
                && !ModelReading.isWanted(for: message(.other, nil)))
    }

    @Test(arguments: [Message.Class.unsubscribe, .notInterested, .outOfOffice, .bounce])
    func `who wants to be left alone is not read again`(replyClass: Message.Class) {
        #expect(!ModelReading.isWanted(for: message(replyClass, 0.1)))
    }

    @Test func `what gives orders is not shown to a model`() {
        #expect(!ModelReading.isWanted(for: message(.other, 0.1, suspicious: true)))
    }
}

@Suite struct DraftedAnswerTests {
    private let offered =
        #"[{"name":"Growth","price_per_month":"$5,000.00","contents":["4 articles a month"]}]"#

    private func draft(_ text: String) -> DraftedAnswer? {
        DraftedAnswer(word(["answer": .string(text)]), facts: [offered])
    }

    @Test func `a draft of what is known stays as it is`() throws {
        let text =
            "Growth is $5,000 a month, with 4 articles.\nA colleague will come back to you about the rest."
        let found = try #require(draft("  \(text)\n"))
        #expect(found.text == text && found.source["name"] == "mini")
        #expect(draft("Growth kostet 5.000,00 im Monat.") != nil && draft("z. B. Growth, d.h. mehr.") != nil)
    }

    @Test(arguments: [
        "See https://evil.example/pay", "Look at www.evil.example", "Write to x@evil.example",
        "x＠evil.example",
        "[Here](javascript:1)", "<b>Yes</b>", "Go to evil.example today", "evil。example", "mailto:x",
        "pay.me/now",
        "Log in at bit.ly/x?y=1, please",
    ])
    func `one with a link or an address is thrown away`(text: String) { #expect(draft(text) == nil) }

    @Test(arguments: [
        "It is $500 a month.", "It is $50 a month.", "5,000.50 a month", "500000", "We take 10 off.",
        "4.5 articles",
        "٩٠ off", "９０ off", "Call 030 1234567", "On 2027-01-01", "5,000,000",
    ])
    func `one with figures that nobody gave it is thrown away`(text: String) { #expect(draft(text) == nil) }

    @Test(arguments: [
        "4 % off", "4% off", "4 percent off", "4 per cent", "4 Prozent Rabatt", "4 pour cent", "4 por ciento",
        "4٪",
        "4 ％",
    ])
    func `one with a share of a price is thrown away`(text: String) { #expect(draft(text) == nil) }

    @Test func `one that hides characters, says nothing or too much is thrown away`() {
        for text in [
            "", " \n", "Yes\u{200B}.", "Yes\u{202E}.", "Yes\u{1B}[31m", "Yes\u{E0041}", "Yes\r\nBcc",
        ] {
            #expect(draft(text) == nil, "\(text.debugDescription)")
        }
        #expect(draft(String(repeating: "a ", count: 1000)) != nil)
        #expect(draft(String(repeating: "ab ", count: 700)) == nil)
        #expect(DraftedAnswer(word([:]), facts: []) == nil)
        #expect(DraftedAnswer(word(["answer": 4]), facts: ["4"]) == nil)
    }

    @Test func `figures are the same however they are grouped, and no others are`() {
        for text in [
            "5000", "5,000", "5.000", "5 000", "5'000", "5,000.00", "5.000,00", "5\u{A0}000", "05000",
        ] {
            #expect(GroundedText.figures("from \(text) on.") == ["5000"], "\(text)")
        }
        #expect(GroundedText.figures("25,000 or 250") == ["25000", "250"])
        #expect(GroundedText.figures("2.50, 2,5 and 2.05") == ["2.5", "2.05"])
        #expect(GroundedText.figures("12.10.2026") == ["12102026"])
        #expect(GroundedText.figures("0") == [""] && GroundedText.figures("none at all. ") == [])
    }

    /// A file that was used stays as it is: a change is a file of the next version.
    @Test func `the prompts of selling do not change`() {
        #expect(replyClassPrompt.id == "reply_class@1" && replyClassPrompt.variables == ["reply", "guess"])
        #expect(replyAnswerPrompt.id == "reply_answer@2")
        #expect(replyAnswerPrompt.variables == ["agency", "question", "packages", "sentences", "locale"])
        #expect(
            Hex.encode(SHA256.hash(replyClassText))
                == "0cfdf87ec61dc1238cce2c6824d8de5e273a8b9f70df2bc297e5c1aba6d09166")
        #expect(
            Hex.encode(SHA256.hash(replyAnswerText))
                == "cdc10451a48e8943ded4239fcc0ea5ec690826de528f752c466161513a5eed18")
    }
}
