@testable import Intelligence
import JSON
import Testing

@Suite struct `Telling whether two records are one` {
    private func person(
        _ name: String, _ email: String = "", firm: String = "", domain: String = "", phone: String? = nil,
        place: String = ""
    ) -> MatchProfile {
        var profile = MatchProfile(.person)
        (profile.person, profile.email, profile.firm, profile.domain) = (name, email, firm, domain)
        (profile.phones, profile.place) = (Set([phone].compactMap(\.self)), place)
        return profile
    }

    private func confidence(
        _ one: MatchProfile, _ two: MatchProfile, _ model: MatchModel = MatchModel()
    ) -> Double {
        model.confidence(one.likening(to: two))
    }

    @Test func `an address or a name in one firm makes a pair; colleagues at one number do not`() {
        let jane = person(
            "jane example", "jane@acme.example", firm: "acme", domain: "acme.example", phone: "1")
        let again = person(
            "example jane", "j.example@acme.example", firm: "acme", domain: "acme.example", phone: "1")
        let colleague = person(
            "otto other", "otto@acme.example", firm: "acme", domain: "acme.example", phone: "1")
        #expect(confidence(jane, again) > 0.9)
        #expect(confidence(jane, colleague) < 0.1)
        #expect(confidence(jane, colleague) == confidence(colleague, jane))
    }

    @Test func `what contradicts counts against a pair`() {
        let one = person("jane example", firm: "acme", place: "austin")
        var there = one, elsewhere = one
        there.phones = ["1"]
        elsewhere.place = "dallas"
        #expect(confidence(one, elsewhere) < confidence(one, one))
        var other = there
        other.phones = ["2"]
        #expect(confidence(there, other) < confidence(there, there))
        let reasons = one.likening(to: elsewhere).reasons
        #expect(reasons == ["same name of the firm", "same name", "but another place"])
    }

    @Test func `a typing error shares a key with the right spelling`() {
        let pairs = [
            (
                person("kate example", "kate.example@acme.example"),
                person("kate exampel", "kate.example@acme.exmaple")
            ),
            (person("katherine example", firm: "acme"), person("example katherin", firm: "acme")),
            (person("kai turner", place: "london"), person("kkai turner", place: "london")),
        ]
        for (one, two) in pairs {
            #expect(!one.keys.isDisjoint(with: two.keys))
            #expect(confidence(one, two) > 0.5, "\(one.likening(to: two))")
        }
    }

    @Test func `weights follow an agency's own pairs, and colleagues stay apart`() throws {
        let same: [Likening] = [
            .init(field: "person", level: 4), .init(field: "email", level: 3),
            .init(field: "custom.id", level: 2),
        ]
        let colleagues: [Likening] = [
            .init(field: "person", level: 0), .init(field: "email", level: 1), .init(field: "firm", level: 4),
            .init(field: "custom.id", level: 0),
        ]
        let unclear: [Likening] = [.init(field: "person", level: 3), .init(field: "custom.id", level: 2)]
        let before = MatchModel(), fitted = MatchModel.fit([(same, 3000), (colleagues, 9000), (unclear, 50)])
        #expect(fitted.pairs == 12_050)
        #expect(fitted.confidence(unclear) > before.confidence(unclear))
        #expect(fitted.confidence(colleagues) < 0.05 && fitted.confidence(same) > 0.95)
        let stored = try #require(MatchModel(json: JSONParser.parse(fitted.json.bytes)))
        #expect(stored.confidence(unclear) == fitted.confidence(unclear))
        #expect([Likening](text: colleagues.text) == colleagues)
        #expect(MatchModel.fit([(same, 3000), (colleagues, 9000), (unclear, 50)]) == fitted)
    }
}
