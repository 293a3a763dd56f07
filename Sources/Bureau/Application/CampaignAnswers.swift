internal import Campaigns
internal import Content
internal import Database
internal import Delivery
internal import Integrations
internal import JSON
internal import Messages
internal import Nouns
internal import Posts
internal import Records
internal import Social
internal import Tenancy

/// The answers of slices about campaigns: whom their mails go to, and what the calendar shows of them.
let answersToCampaigns: [ModuleAnswer] = [
    ModuleAnswer(for: "content", to: MailingDependencies.self) { dependencies in
        dependencies.members = { reader, segment, place, limit in
            try reader.reading.segments.readers(of: segment, after: place, limit: limit).map { page in
                (
                    page.readers.map { MailingDependencies.Member($0.contact, isPutAway: $0.isPutAway) },
                    page.next
                )
            }
        }
    },
    ModuleAnswer(for: "campaigns", to: CalendarDependencies.self) { dependencies in
        dependencies.emails = { reader, range in
            try reader.reading.emailCampaigns.planned(
                from: range.begin, before: range.end, limit: CalendarRange.entriesMax
            ).map { mailing in
                var entry = PlannedEntry(
                    .email, id: mailing.id, title: mailing.name, status: mailing.status.rawValue)
                (entry.at, entry.campaign) = (mailing.sendAt ?? mailing.startedAt, mailing.campaignID)
                entry.lane = mailing.segmentID.untyped
                entry.isOpen = mailing.status != .cancelled && mailing.status != .sent
                (entry.version, entry.moves) = (mailing.version, mailing.moves)
                return entry
            }
        }
        dependencies.milestones = { reader, range in
            try reader.reading.campaignWatch.milestones(
                from: range.first, through: range.last, of: range.campaign, limit: CalendarRange.entriesMax
            ).map { day in
                var entry = PlannedEntry(
                    .milestone, id: day.campaign, title: day.name, status: day.status.rawValue)
                (entry.date, entry.client, entry.campaign) = (day.date, day.client, day.campaign)
                (entry.version, entry.moves) = (day.version, day.status != .completed)
                return entry
            }
        }
    },
    ModuleAnswer(for: "posts", to: CalendarDependencies.self) { dependencies in
        dependencies.posts = { reader, range in
            var entries: [PlannedEntry] = []
            try reader.reading.posts.eachPlanned(
                from: range.begin, before: range.end, limit: CalendarRange.entriesMax
            ) { post in
                var entry = PlannedEntry(
                    .post, id: post.id, title: post.text, status: post.status.rawValue)
                (entry.at, entry.client, entry.campaign) = (post.at, post.client, post.campaign)
                (entry.network, entry.lane) = (post.network.rawValue, post.account.untyped)
                entry.text = post.mayRepeat ? nil : post.text
                entry.isOpen = post.stands
                (entry.version, entry.moves) = (post.version, post.moves)
                entries.append(entry)
            }
            return entries
        }
        dependencies.spaces = { reader, range in
            try reader.reading.networkSpaces.all(
                from: range.begin, before: range.end, limit: CalendarRange.entriesMax
            ).map { space in
                var entry = PlannedEntry(
                    .space, id: space.id, title: space.title, status: space.state.rawValue)
                (entry.at, entry.client, entry.network) = (space.at, space.clientID, SocialNetwork.x.rawValue)
                // It is moved where it was planned.
                (entry.version, entry.moves) = (space.version, false)
                return entry
            }
        }
        dependencies.queues = { reader in
            try reader.reading.socialAccounts.queues().map { account in
                var queue = PlannedQueue(
                    account: account.id, zone: account.timeZone,
                    slots: account.queue.list.compactMap { slot in
                        slot.secondsOfDay.map { (slot.weekday, $0 / 60) }
                    })
                (queue.client, queue.network) = (account.clientID, account.network.rawValue)
                return queue
            }
        }
    },
    ModuleAnswer(for: "delivery", to: CampaignDependencies.self) { dependencies in
        dependencies.figure = { reader, id in
            try MetricValue.resource.find(id, in: reader).map(CampaignFigure.init)
        }
        dependencies.addressee = { reader, id in
            try Client.resource.find(id, in: reader).map {
                CampaignAddressee($0.name, $0.contactID, email: $0.contactEmail)
            }
        }
        dependencies.figures = figuresOfCampaign
    },
    ModuleAnswer(for: "campaigns", to: MessagingDependencies.self) { dependencies in
        dependencies.campaigns = { reader, client, words in
            try reader.reading.campaignTelling.told(
                toClient: client, alsoPaused: true, words, figuresOfCampaign)
        }
    },
    ModuleAnswer(for: "posts", to: CampaignDependencies.self) { dependencies in
        dependencies.posts = postsOfCampaign
        dependencies.promotable = { reader, id in
            guard let post = try SocialPost.resource.find(id, in: reader) else { return nil }
            let account = try SocialAccount.resource.find(post.accountID, in: reader.reading)
            let integration = try account?.integrationID.flatMap {
                try Integration.resource.find($0, in: reader.reading)
            }
            let stands = post.status == .published && !post.isCaptured
            return PromotablePost(
                on: account?.network.rawValue ?? "", stands ? post.remote : nil,
                of: integration?.settings["ig_user_id"]?.text, client: post.clientID,
                title: String(post.text.prefix(80)),
                results: post.results.map { PostResults.schema.json($0) } ?? .null)
        }
    },
    ModuleAnswer(for: "campaigns", to: DeliveryDependencies.self) { dependencies in
        dependencies.campaignsUnderWay = { reader, client in
            let reader = reader.reading
            return try reader.campaigns.underWay(of: client).map { try reader.campaignWatch.profiled($0) }
        }
        dependencies.completedCampaigns = { reader, client in
            try reader.reading.campaigns.completed(of: client).compactMap { campaign in
                campaign.completedAt.map { RelationshipMilestone("campaign_completed", campaign.name, $0) }
            }
        }
        dependencies.campaignSuccesses = { reader, client, since in
            try reader.reading.campaignTelling.reached(
                by: client, since: since, figuresOfCampaign, posts: postsOfCampaign
            ).map { campaign, targets in
                CampaignSuccess(
                    campaign.id, campaign.name, completedAt: campaign.completedAt,
                    targets: targets.map {
                        CampaignSuccess.Target(
                            $0.metric, label: $0.label, source: $0.source, value: $0.value,
                            target: $0.target, records: $0.records)
                    })
            }
        }
        dependencies.reportedCampaigns = { reader, client, first, last, words in
            try reader.reading.campaignTelling.reported(
                toClient: client, from: first, through: last, words, figuresOfCampaign,
                posts: postsOfCampaign
            ).map { campaign in
                CampaignReport(
                    campaign.name, campaign.text,
                    campaign.figures.map { figure in
                        CampaignReport.Figure(
                            figure.label, figure.value, unit: figure.unit, isSum: figure.isSum,
                            from: figure.source,
                            figure.records
                                ?? """
                                /v1/metrics?campaign_id=\(campaign.id)&source=\(figure.source.percentEncoded)\
                                &metric=\(figure.metric.percentEncoded)\
                                &date[gte]=\(first.iso)&date[lte]=\(last.iso)
                                """)
                    })
            }
        }
        dependencies.campaignMarks = { reader, client in
            try reader.reading.campaignResults.marks(of: client).map {
                CampaignMark($0.name, of: $0.campaign, on: $0.days)
            }
        }
        dependencies.keepAds = { tx, integration, days in try tx.ads.keep(days, of: integration) }
    },
]

/// Returns the figures of a campaign, newest first.
@Sendable private func figuresOfCampaign(
    _ reader: any Queryable, _ campaign: CampaignID
) throws -> [CampaignFigure] {
    try MetricValue.resource.all(
        where: "campaign_id = \(campaign)", suffix: "ORDER BY date DESC, id LIMIT 5000", in: reader
    ).map(CampaignFigure.init)
}

/// Returns the posts of a campaign on social networks, the oldest first, with what the networks tell of them.
@Sendable private func postsOfCampaign(
    _ reader: any Queryable, _ campaign: CampaignID
) throws -> [CampaignPost] {
    try reader.reading.posts.posts(of: campaign, limit: 1000).map { planned in
        var post = CampaignPost(
            "\(planned.post.id)", on: planned.network.rawValue,
            publishedAt: planned.post.publishedAt, isAmiss: planned.isAmiss)
        if let figures = planned.post.results?.figures {
            for figure in PostFigure.allCases {
                post.figures[figure.rawValue] = figures[figure].map(Double.init)
            }
        }
        return post
    }
}

extension CampaignFigure {
    fileprivate init(_ metric: MetricValue) {
        self.init(
            "\(metric.id)", "\(metric.source).\(metric.metric)", metric.value, unit: metric.unit,
            on: metric.date, of: metric.campaignID, metric.clientID)
    }
}
