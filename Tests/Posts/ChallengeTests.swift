import Nouns
import Testing

@testable import Posts

/// Challenges that suit a film by what their hashtags say.
@Suite struct ChallengeTests {
    private func suits(_ challenge: String, _ title: String, _ body: String = "") throws -> Bool {
        var piece = SocialPiece(try #require(ContentItemID("content_01j00000000000000000000000")))
        (piece.title, piece.body) = (title, body)
        return piece.suits(challenge)
    }

    @Test(arguments: [
        "#TulipChallenge", "#tulipchallenge", "#TULIPCHALLENGE", "tulips", "#Tulip_Week", "#Challenge",
        "#SpringTulip",
    ])
    func `suits a film about tulips`(_ challenge: String) throws {
        #expect(try suits(challenge, "Tulips", "Look at these."))
        #expect(try suits(challenge, "Our garden", "A tulip in the morning."))
    }

    @Test(arguments: ["#RoseChallenge", "#ROSE", "#A", "#TulipomaniaChallenge", "#LipChallenge"])
    func `does not suit a film about tulips`(_ challenge: String) throws {
        #expect(try !suits(challenge, "Tulips", "Look at these roseate ones."))
    }
}
