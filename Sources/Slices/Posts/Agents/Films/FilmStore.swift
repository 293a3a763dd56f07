internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Sequences
internal import Social
internal import Telemetry
internal import Tenancy

/// The record of a channel's films.
struct ChannelFilms {
    var films: [ComparedFilm] = []
    var trials: [TriedTitle] = []

    var habits: FilmHabits { FilmHabits(films, trials: trials) }
}

/// The films of channels: `tx.films`.
struct FilmStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var films: FilmStore<Self> { FilmStore(tx: self) }
}

extension FilmStore {
    /// The newest films of a channel that are compared.
    private static var filmsMax: Int { 300 }
    /// Films are compared by what they were seen until about this age, as far as a reading is near it.
    private static var filmAge: Duration { .seconds(7 * 86_400) }
    private static var filmAges: ClosedRange<Duration> { Duration.seconds(5 * 86_400)...Duration.seconds(14 * 86_400) }

    /// Returns the films of a channel that were seen for a week, and what was tried with them.
    func all(of account: SocialAccountID) throws -> ChannelFilms {
        let posts = try SocialPost.resource.all(
            where: "account_id = \(account) AND status = 'published' AND by_hand IS NULL",
            suffix: "ORDER BY published_at DESC, id DESC LIMIT \(Self.filmsMax)", in: tx)
        guard !posts.isEmpty else { return ChannelFilms() }
        let ids = posts.map(\.id), tried = try trials(of: ids), refused = try refused(of: ids)
        let views = try views(of: ids, before: tried.compactMapValues { $0.map(\.createdAt).min() })
        var found = ChannelFilms()
        found.films = posts.compactMap { post in
            views[post.id].map {
                ComparedFilm(
                    post: post.id.keyText, title: post.filmTitle, format: post.format.rawValue, views: $0,
                    isTried: tried[post.id.keyText] != nil, isRefused: refused.contains(post.id.keyText))
            }
        }
        found.trials = tried.sorted { $0.key < $1.key }.flatMap { $0.value.flatMap(\.triedTitles) }
        return found
    }

    /// Returns how often films were seen in their first week, before anything else was tried with them.
    private func views(
        of posts: [SocialPostID], before trials: [String: Instant]
    ) throws -> [SocialPostID: Int] {
        let ages = Self.filmAges
        let (least, most) = (ages.lowerBound, ages.upperBound)
        let rows = try tx.all(
            """
            SELECT post_id, impressions, measured_at, published_at FROM post_measures
            WHERE tenant_id = \(tx.tenant) AND post_id IN \(list: posts) AND impressions IS NOT NULL
            ORDER BY post_id, measured_at
            """
        ) { row in
            (
                post: SocialPostID(row, 0), views: row.int(1), at: row.instant(2),
                age: row.instant(2) - row.instant(3)
            )
        }.filter { row in
            row.age >= least && row.age <= most && trials[row.post.keyText].map { row.at <= $0 } ?? true
        }
        return Dictionary(grouping: rows, by: \.post).compactMapValues { own in
            own.min { Self.distance($0.age) < Self.distance($1.age) }?.views
        }
    }

    private static func distance(_ age: Duration) -> Duration { age < filmAge ? filmAge - age : age - filmAge }

    private func trials(of posts: [SocialPostID]) throws -> [String: [Experiment]] {
        Dictionary(
            grouping: try Experiment.resource.all(
                where: """
                    kind IN ('film_title', 'film_thumbnail') AND target IN \(list: posts.map(\.keyText))
                    """, suffix: "ORDER BY id", in: tx), by: { $0.target ?? "" })
    }

    /// Returns the films of which people did not want anything tried.
    private func refused(of posts: [SocialPostID]) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT subject_id FROM approvals
                WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: posts.map(\.keyText))
                    AND tool = \(TryFilmTool.name) AND status = 'rejected'
                """
            ) { $0.text(0) })
    }

    /// Returns what may be said and shown of a film: whole sentences of its piece, or of what stands below it, and
    /// pictures of the piece.
    func known(
        of film: ComparedFilm, _ dependencies: PieceDependencies
    ) throws -> FilmComparison.Known {
        guard let post = try SocialPostID(film.post).flatMap({ try SocialPost.resource.find($0, in: tx) }),
            let rules = try SocialAccount.resource.find(post.accountID, in: tx)?.network.rules.changes,
            try tx.filmTrials.faults(Experiment.title(of: post.id, ["a", "b"])).isEmpty
        else { return FilmComparison.Known() }
        let piece = try post.itemID.flatMap { try dependencies.piece(tx, $0) }
        var known = FilmComparison.Known()
        var words = LongPiece()
        words.body = [piece?.body, post.text].compactMap(\.self).joined(separator: "\n\n")
        known.titles = FilmWords.titles(
            among: [piece?.title].compactMap(\.self) + words.paragraphs.flatMap(\.self))
        let standing = try PostChange.resource.first(
            where: "post_id = \(post.id) AND status = 'done' AND thumbnail_id IS NOT NULL",
            suffix: "ORDER BY id DESC LIMIT 1", in: tx)?.thumbnailID
        var faults = Faults(), pictures = standing.map { [$0] } ?? []
        for medium in piece?.media ?? [] where !medium.probe.isVideo && medium.file != standing {
            let count = faults.list.count
            ThumbnailCheck.add(to: &faults, medium.file, at: "", rules, in: tx)
            if faults.list.count == count { pictures.append(medium.file) }
        }
        known.pictures = pictures.map(\.keyText)
        return known
    }
}

extension SocialPost {
    /// The title with which it was published.
    fileprivate var filmTitle: String {
        options["title"]?.text ?? FilmWords.title(of: text)
    }
}

extension FilmWords {
    private static let lengths = 15...100, countMax = 40

    /// Returns sentences that may be a title, each once.
    static func titles(among sentences: [String]) -> [String] {
        var seen: Set<String> = []
        return Array(
            sentences.compactMap { sentence -> String? in
                let title = FilmWords.title(of: sentence.last == "." ? String(sentence.dropLast()) : sentence)
                let isPlain = !title.contains("://") && !title.hasSuffix("…") && !title.contains("#")
                return isPlain && lengths.contains(title.utf16.count) && seen.insert(title.lowercased()).inserted
                    ? title : nil
            }.prefix(countMax))
    }
}

extension Experiment {
    /// The outcome of an ended trial of titles or thumbnails; of thumbnails nothing is read from the title.
    fileprivate var triedTitles: [TriedTitle] {
        guard kind == .filmTitle, let winner, let won = winner.value.text else { return [] }
        let rows = result["variants"]?.array ?? []
        func times(_ name: String) -> Double? {
            name == variants.list.first?.name
                ? 1 : rows.first { $0["name"]?.text == name }?["difference"]?.double.map { 1 + $0 }
        }
        guard let best = times(winner.name) else { return [] }
        return variants.list.compactMap { other in
            guard other.name != winner.name, let lost = other.value.text, let times = times(other.name),
                times > 0
            else { return nil }
            return TriedTitle(winner: won, loser: lost, ratio: (best / times).rounded4)
        }
    }

    /// A trial of two titles of a film.
    static func title(of film: SocialPostID, _ values: [String]) -> Experiment {
        trial(.filmTitle, of: film, values)
    }

    static func trial(_ kind: Experiment.Kind, of film: SocialPostID, _ values: [String]) -> Experiment {
        var experiment = Experiment()
        (experiment.kind, experiment.target, experiment.goal) = (kind, film.keyText, .views)
        experiment.variants.list = zip(["now", "tried"], values).map { name, value in
            var variant = ExperimentVariant()
            (variant.name, variant.value) = (name, .string(value))
            return variant
        }
        return experiment
    }
}
