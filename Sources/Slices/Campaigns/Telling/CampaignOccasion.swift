internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// Something that has happened to a client's campaign, and that the client may be written to about.
struct CampaignOccasion {
    enum Kind: String, Choice { case milestone, trigger, success, opportunity, completed }

    let kind: Kind
    let campaign: CampaignID
    /// The milestone, the metric of the trigger or the target, or the channel; empty where the campaign is over.
    let name: String
    /// The day of the milestone, the value that was crossed or reached, or the month.
    let detail: String

    /// Names it among all: nobody is told twice.
    var key: String { "\(kind.rawValue)/\(campaign)/\(name)/\(detail)" }

    var json: JSON {
        [
            "kind": .string(kind.rawValue), "campaign_id": JSON(campaign), "name": .string(name),
            "detail": .string(detail),
        ]
    }

    init(_ kind: Kind, _ campaign: CampaignID, name: String = "", detail: String = "") {
        (self.kind, self.campaign, self.name, self.detail) = (kind, campaign, name, detail)
    }

    init?(json: JSON) {
        guard let kind = json["kind"]?.text.flatMap(Kind.init(rawValue:)),
            let campaign = json["campaign_id"]?.id(of: Nouns.Campaign.self)
        else { return nil }
        self.init(
            kind, campaign, name: json["name"]?.text ?? "", detail: json["detail"]?.text ?? "")
    }

    /// Returns the target that it is about; `nil`: it is about none.
    func reached(in telling: CampaignTelling) -> ReachedTarget? {
        kind == .success ? telling.reached.first { $0.metric == name } : nil
    }

    /// The subject and the first sentence of the mail.
    func said(_ telling: CampaignTelling, _ words: Wording) -> (subject: String, text: String) {
        let campaign = Wording.Value.text(telling.campaign.name), what = Wording.Value.text(kind.rawValue)
        let reached = reached(in: telling)
        let told = Wording.Value.text(
            kind == .milestone ? name : reached?.label ?? CampaignTelling.readable(name))
        let paused = Wording.Value.flag(telling.campaign.status == .paused), locale = TextLocale(words.asked)
        return (
            words(
                "campaign.word_occasion_subject",
                ["campaign": campaign, "name": told, "kind": what]),
            words(
                "campaign.word_occasion",
                [
                    "campaign": campaign, "name": told, "kind": what, "paused": paused,
                    "value": .text(reached.map { locale.shown($0.value) } ?? ""),
                    "target": .text(reached.map { locale.shown($0.target) } ?? ""),
                    "source": .text(reached?.source ?? ""),
                ])
        )
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: ["write": true, "kind": .string(kind.rawValue)], confidence: 1,
            factors: [
                [
                    "name": .string(kind.rawValue), "value": .string(name.isEmpty ? detail : name),
                    "weight": 1, "contribution": 1,
                    "evidence": [["type": "campaign", "id": JSON(campaign)]],
                ]
            ], model: ["name": "rules", "version": "1"], inputs: ["occasion": json])
    }
}

extension CampaignTellingStore {
    /// The time after it in which something is still worth a mail.
    private var freshness: Duration { .seconds(3 * 86_400) }
    /// The campaigns of one page.
    private var page: Int { 50 }

    /// Returns what has happened of late to campaigns of clients, as far as the agency wants it told: to some of them,
    /// by their ids, and behind which one the next ones are (`nil`: there are no more).
    func occasions(
        _ kinds: Set<CampaignOccasion.Kind>, after place: CampaignID?, _ dependencies: CampaignDependencies
    ) throws -> (found: [CampaignOccasion], next: CampaignID?) {
        let since = tx.now - freshness
        let after = place.map { "id > \($0)" as SQL } ?? "1 = 1"
        let campaigns = try Campaign.resource.all(
            where: """
                client_id IS NOT NULL AND \(after)
                AND (status IN ('active', 'paused') OR (status = 'completed' AND completed_at >= \(since)))
                """, suffix: "ORDER BY id LIMIT \(page)", in: tx)
        let found: [CampaignOccasion] = try campaigns.flatMap { campaign in
            var found: [CampaignOccasion] = []
            var telling: CampaignTelling?
            if kinds.contains(.success) || kinds.contains(.opportunity) {
                telling = try CampaignTelling(CampaignRecords(of: campaign, dependencies, in: tx), in: tx)
            }
            if kinds.contains(.milestone) {
                found += try tx.campaignWatch.toldMilestones(of: campaign.id, since: since).map {
                    CampaignOccasion(.milestone, campaign.id, name: $0.name, detail: $0.on)
                }
            }
            if kinds.contains(.trigger) {
                found += try tx.campaignWatch.firedTriggers(of: campaign.id, since: since).map {
                    CampaignOccasion(
                        .trigger, campaign.id, name: $0.metric, detail: "\($0.comparison) \($0.value)")
                }
            }
            if kinds.contains(.success), let telling {
                // A target that is set anew is reached anew.
                found += telling.reached.map {
                    CampaignOccasion(.success, campaign.id, name: $0.metric, detail: "\($0.target)")
                }
            }
            if kinds.contains(.opportunity), campaign.status == .active,
                let channel = telling?.promising
            {
                // Once a month: results do not turn by the day.
                found.append(
                    CampaignOccasion(
                        .opportunity, campaign.id, name: channel,
                        detail: String(try tx.campaignSpending.today().iso.prefix(7))))
            }
            if kinds.contains(.completed), campaign.status == .completed {
                found.append(CampaignOccasion(.completed, campaign.id))
            }
            return found
        }
        return (found, campaigns.count == page ? campaigns.last?.id : nil)
    }
}
