import Agents
import Cryptography
import Intelligence
import JSON
import Testing

@testable import Conversations

@Suite struct ModelNeedsTests {
    private let text = "Our tables stay\n empty, on Mondays. There are 4,000 a month for it; I sign for that."

    private func read(_ document: JSONObject) -> ModelNeeds? {
        var whole: JSONObject = [
            "needs": [], "budget": "", "timeline": "", "authority": "", "decides": false,
        ]
        for (key, value) in document.members { whole[key] = value }
        return ModelNeeds(
            ModelReply(document: .object(whole), source: ["name": "mini", "prompt": "p@1"]), of: text)
    }

    @Test func `words count as they stand in the message`() throws {
        let found = try #require(
            read([
                "needs": ["our TABLES stay empty on mondays"], "budget": "4,000 a month",
                "authority": "I sign for that", "decides": true,
            ]))
        #expect(found.words.needs == ["Our tables stay empty, on Mondays"])
        #expect(found.words.budget == "4,000 a month" && found.words.timeline == nil)
        #expect(found.words.authority == "I sign for that" && found.words.decides)
        #expect(found.source["prompt"] == "p@1")
        #expect(found.factors.map { $0["name"] } == ["need", "budget", "authority"])
        #expect(found.factors.first?["evidence"] == "Our tables stay empty, on Mondays")
    }

    @Test(
        arguments: [
            ["needs": ["more leads"]], ["needs": ["tables"]], ["needs": [""]], ["budget": "40,000 a month"],
            ["budget": "4,000 a week"], ["timeline": "by March"], ["authority": "I sign for all of that"],
            ["decides": true], ["needs": [7]], [:],
        ] as [JSONObject])
    func `words that were never written count for nothing`(document: JSONObject) {
        #expect(read(document) == nil)
    }

    @Test func `one lie does not take the truth beside it along`() throws {
        let found = try #require(read(["needs": ["stay empty", "more leads"], "budget": "9,000 a month"]))
        #expect(found.words.needs == ["stay empty"] && found.words.budget == nil)
    }

    /// A file that was used stays as it is: a change is a file of the next version.
    @Test func `the prompts of conversations do not change`() {
        #expect(chatAnswerPrompt.id == "chat_answer@2")
        #expect(chatAnswerPrompt.variables == ["agency", "question", "articles", "locale"])
        #expect(chatNeedsPrompt.id == "chat_needs@1" && chatNeedsPrompt.variables == ["agency", "message"])
        #expect(
            Hex.encode(SHA256.hash(chatAnswerText))
                == "1ae1490a012f4e73c0cd179c86c406662b93d27e7dc1da76b0825561d9e32b9b")
        #expect(
            Hex.encode(SHA256.hash(chatNeedsText))
                == "ccc125aa5f2a4d1724b09cae04eff03430663b8efe4c29173ec31217c75fbefe")
    }
}
