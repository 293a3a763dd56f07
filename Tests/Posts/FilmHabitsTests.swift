import Nouns
import Testing

@testable import Posts

/// The lessons of a channel's films and trials of their titles, computed by hand.
@Suite struct FilmHabitsTests {
    private func films(_ views: [Int], _ title: String = "How we water our roses") -> [ComparedFilm] {
        views.enumerated().map {
            ComparedFilm(post: "p\($0.offset)", title: title, format: "video", views: $0.element)
        }
    }

    private func lift(_ habits: FilmHabits, _ trait: TitleTrait, _ value: String) -> Double? {
        habits.habits.first { $0.trait == trait && $0.value == value }?.lift
    }

    @Test func `the title that won a trial makes the next one, and a trial counts as four films`() throws {
        let trial = TriedTitle(
            winner: "How do we water roses?", loser: "How we water our roses", ratio: 1.5)
        let alike = films(Array(repeating: 1000, count: 8))
        let habits = FilmHabits(alike, trials: [trial])
        // exp(4 · (ln 1.5) / 2 / (4 + 4)), and exp(−4 · (ln 1.5) / 2 / (4 + 8 + 4)) of eight films that do alike.
        #expect(lift(habits, .hook, "question") == 1.1067 && lift(habits, .hook, "statement") == 0.9506)
        #expect(lift(habits, .length, "short") == 1, "both are: it says nothing of that")
        let others = ["Why do roses fade in June?", "The roses fade in June"]
        #expect(habits.better(than: "The garden in early June", among: others) == others[0])
        #expect(FilmHabits(alike, trials: []).better(than: "The garden in early June", among: others) == nil)
        #expect(FilmHabits(json: habits.json) == habits)
        let few = FilmHabits(films(Array(repeating: 1000, count: 7)), trials: [trial])
        #expect(few.habits.isEmpty && few.better(than: "The garden in early June", among: others) == nil)
    }

    @Test func `a film is behind by what its views make sure, and shorts are compared with shorts`() throws {
        let channel = films([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 100])
        let behind = FilmComparison.behind(channel)
        #expect(behind.map(\.film.post) == ["p8"])
        // exp(ln(101 / 1001) · 0.1 / (0.1 + 0.1 + 1 / 100)) of others that are all alike.
        #expect(behind[0].lift == 0.3355)
        var few = channel
        few[8] = ComparedFilm(post: "p8", title: "x", format: "short", views: 100)
        #expect(FilmComparison.behind(few).isEmpty)
        var tried = channel
        tried[8].isTried = true
        #expect(FilmComparison.behind(tried).isEmpty)
        #expect(FilmComparison.behind(films([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 800])).isEmpty)
    }

    @Test func `a film without a better title gets another picture of its piece, where there is one`() throws {
        let channel = films([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 100])
        func proposal(_ pictures: [String]) -> FilmComparison.Proposal? {
            FilmComparison(
                of: SocialAccountID.unset, channel, trials: [],
                known: ["p8": .init(titles: ["The garden in early June"], pictures: pictures)]
            ).proposal
        }
        let found = try #require(proposal(["in-use", "other", "third"]))
        #expect(found.film.post == "p8" && found.kind == .thumbnail)
        #expect(found.values == ["in-use", "other"], "the one in use stands first")
        #expect(proposal(["in-use"]) == nil && proposal([]) == nil)
    }
}
