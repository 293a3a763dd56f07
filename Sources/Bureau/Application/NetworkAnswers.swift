internal import Campaigns
internal import Content
internal import Database
internal import Discovery
internal import Market
internal import Nouns
internal import Posts
internal import Records
internal import Social
internal import Tenancy

/// The answers of slices to the agents of social networks: what may be told there.
let answersToNetworks: [ModuleAnswer] = [
    ModuleAnswer(for: "content", to: PieceDependencies.self) { dependencies in
        dependencies.pieces = { reader, end, begin in
            try reader.reading.content.told(plannedBefore: end, changedSince: begin)
        }
        dependencies.piece = { reader, id in
            let reading = reader.reading
            guard let told = try reading.content.told(id) else { return nil }
            // Content of a campaign that is over is told no more.
            if let campaign = told.item.campaignID,
                try reading.campaigns.standing(of: campaign)?.isOver == true
            {
                return nil
            }
            return SocialPiece(told.item, told.piece)
        }
        dependencies.draft = { tx, draft, actor in
            try ContentItem.keepDraft(
                draft.title, draft.body, from: (draft.source.type, draft.source.id), quotes: draft.quotes,
                by: actor, in: tx)
        }
        dependencies.drafted = { reader in try reader.reading.content.sourcesOfPosts() }
        dependencies.sent = { reader, moment in
            try reader.reading.content.answered(since: moment).map {
                SentPiece($0.item, type: $0.type?.rawValue, sent: $0.sent, answered: $0.answered)
            }
        }
    },
    ModuleAnswer(for: "support", to: PieceDependencies.self) { dependencies in
        dependencies.articles = { reader, topic in
            try writtenArticles(in: reader, about: topic).map(OwnMaterial.init)
        }
    },
    ModuleAnswer(for: "deals", to: PieceDependencies.self) { dependencies in
        dependencies.stories = { reader in try writtenStories(in: reader).map(OwnMaterial.init) }
    },
    ModuleAnswer(for: "campaigns", to: LeadFormDependencies.self) { dependencies in
        dependencies.campaign = { reader, remote in
            try AdCampaign.resource.first(
                where: "remote_id = \(remote) AND campaign_id IS NOT NULL", suffix: "ORDER BY row LIMIT 1",
                in: reader.reading
            )?.campaignID
        }
    },
    ModuleAnswer(for: "posts", to: LeadFormDependencies.self) { dependencies in
        dependencies.post = { reader, remote in
            try SocialPost.resource.first(
                where: "remote_id = \(remote)", suffix: "ORDER BY row LIMIT 1", in: reader.reading
            )?.id
        }
    },
    ModuleAnswer(for: "market", to: PieceDependencies.self) { dependencies in
        dependencies.trends = { reader in
            try MarketFinding.resource.all(
                where: "status = 'current' AND kind = 'trend'",
                suffix: "ORDER BY subject LIMIT \(writtenMaterialsMax)", in: reader.reading
            ).map(\.title)
        }
    },
]

extension OwnMaterial {
    fileprivate init(_ material: Material) {
        self.init(material.type, material.id, title: material.title, material.sayable)
    }
}

extension SocialPiece {
    fileprivate init(_ item: ContentItem, _ piece: LongPiece) {
        self.init(item.id)
        (shape, title, body, link) = (piece.shape, piece.title, piece.body, piece.link)
        media = zip(item.media.list, piece.media).map { Medium($0.fileID, altText: $0.altText, $1.probe) }
        (client, campaign, plannedAt) = (item.clientID, item.campaignID, item.plannedAt)
        isLaunch = item.type == .productLaunch
    }
}
