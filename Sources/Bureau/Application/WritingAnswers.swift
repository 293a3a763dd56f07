internal import Content
internal import Database
internal import Deals
internal import Delivery
internal import Market
internal import Nouns
internal import Posts
internal import Records
internal import Support
internal import Telemetry
internal import Tenancy

/// The most records of a kind that pieces are written from.
let writtenMaterialsMax = 50
/// The most words of those who speak to accounts that ideas rest on.
private let subjectsMax = 5

/// Returns published articles, those that may be about a brief first.
func writtenArticles(in reader: any Queryable, about brief: String) throws -> [Material] {
    let reading = reader.reading
    let found =
        brief.isEmpty ? [] : try reading.articles.all(answering: brief, limit: 10).map(\.article)
    let newest = try Article.resource.all(
        where: "status = 'published'", suffix: "ORDER BY id DESC LIMIT \(writtenMaterialsMax)", in: reading)
    return (found + newest).map { article in
        var material = Material(Article.noun, "\(article.id)", title: article.title, body: article.body)
        material.locale = article.locale
        return material
    }
}

/// Returns published case studies, the newest first.
func writtenStories(in reader: any Queryable) throws -> [Material] {
    try CaseStudy.resource.all(
        where: "status = 'published' AND archived = 0",
        suffix: "ORDER BY id DESC LIMIT \(writtenMaterialsMax)", in: reader.reading
    ).map { story in
        let parts = [story.result.map { $0.hasSuffix(".") ? $0 : $0 + "." }, story.text]
        return Material(
            CaseStudy.noun, "\(story.id)", title: story.title,
            body: parts.compactMap { $0 }.joined(separator: "\n\n"), client: story.clientID)
    }
}

/// The most bytes of a document that pieces are written from.
private let documentSizeMax = 500_000

/// Returns the texts among a client's documents that the client has been shown, the newest first.
private func writtenDocuments(of client: ClientID, in reader: any Queryable) throws -> [Material] {
    let reading = reader.reading
    let kinds: [ClientDocument.Kind] = [.brief, .report, .asset, .other]
    let papers = try ClientDocument.resource.all(
        where: "client_id = \(client) AND visibility = 'client' AND kind IN \(list: kinds.map(\.rawValue))",
        suffix: "ORDER BY id DESC LIMIT \(writtenMaterialsMax)", in: reading)
    return try papers.compactMap { paper -> Material? in
        guard let file = try StoredFile.resource.find(paper.fileID, in: reading),
            file.mediaType.hasPrefix("text/plain") || file.mediaType.hasPrefix("text/markdown"),
            file.size <= documentSizeMax
        else { return nil }
        let text = String(decoding: try reading.files.content(of: file), as: UTF8.self)
        return Material(
            ClientDocument.noun, "\(paper.id)", title: paper.name, body: text, client: paper.clientID)
    }
}

/// The answers of slices to the agents that plan and write content: what may be told, and when.
let answersToWriting: [ModuleAnswer] = [
    ModuleAnswer(for: "support", to: WritingDependencies.self) { dependencies in
        dependencies.articles = { reader, brief in
            try writtenArticles(in: reader, about: brief)
        }
    },
    ModuleAnswer(for: "deals", to: WritingDependencies.self) { dependencies in
        dependencies.stories = { reader in
            try writtenStories(in: reader)
        }
    },
    ModuleAnswer(for: "delivery", to: WritingDependencies.self) { dependencies in
        dependencies.results = { reader, client in
            try reader.reading.metrics.grown(of: client).map { figure in
                MaterialFigure(
                    figure.last.id, figure.last.metric.replacing("_", with: " "),
                    from: figure.first.value, to: figure.last.value, unit: figure.last.unit)
            }
        }
        dependencies.documents = { reader, client in
            try writtenDocuments(of: client, in: reader)
        }
        dependencies.isClient = { reader, client in
            try Client.resource.find(client, in: reader.reading) != nil
        }
    },
    ModuleAnswer(for: "market", to: WritingDependencies.self) { dependencies in
        dependencies.trends = { reader, client in
            var condition: SQL = "status = 'current' AND kind IN ('trend', 'season', 'gap')"
            if client != nil { condition += " AND subject LIKE 'trend/topic/%'" }
            return try MarketFinding.resource.all(
                where: condition,
                suffix: "ORDER BY kind, subject LIMIT \(writtenMaterialsMax)", in: reader.reading
            ).map { finding in
                Material(
                    MarketFinding.noun, "\(finding.id)", title: finding.title, body: finding.recommendation)
            }
        }
    },
    ModuleAnswer(for: "market", to: PostsDependencies.self) { dependencies in
        dependencies.trends = { reader in
            try MarketFinding.resource.all(
                where: "status = 'current' AND kind = 'trend'",
                suffix: "ORDER BY confirmed_at DESC, id LIMIT \(writtenMaterialsMax)", in: reader.reading
            ).map { RisingSubject(MarketFinding.noun, "\($0.id)", title: $0.title) }
        }
    },
    ModuleAnswer(for: "posts", to: WritingDependencies.self) { dependencies in
        dependencies.hours = { reader, client in
            try reader.reading.socialAccounts.hours(of: client).map { account in
                AccountHours(
                    "\(account.account)", account.network, zone: account.zone,
                    account.hours.map {
                        AccountHours.Hour($0.weekday, minuteOfDay: $0.minuteOfDay, score: $0.score)
                    }, isQueue: account.isQueue)
            }
        }
        dependencies.subjects = { reader, client in
            try reader.reading.mentions.rising(of: client, limit: subjectsMax).map {
                Material($0.type, $0.id, title: $0.title, body: "")
            }
        }
        dependencies.posted = { reader, begin in
            try reader.reading.postLearning.pieces(since: begin).map {
                PostedPiece($0.item, deviation: $0.deviation)
            }
        }
        dependencies.posts = { reader, client, begin, end in
            try reader.reading.posts.times(of: client, from: begin, before: end)
        }
    },
]
